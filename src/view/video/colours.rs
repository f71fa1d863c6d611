//! WebCodecs' words for the code points of ITU-T H.273 (W3C WebCodecs, "VideoColorSpace").

/// `None`: the browser has no word for it.
pub fn primaries(code: u16) -> Option<&'static str> {
    Some(match code {
        1 => "bt709",
        5 => "bt470bg",
        6 => "smpte170m",
        9 => "bt2020",
        12 => "smpte432",
        _ => return None,
    })
}

/// `None`: the browser has no word for it.
pub fn transfer(code: u16) -> Option<&'static str> {
    Some(match code {
        1 => "bt709",
        6 => "smpte170m",
        8 => "linear",
        13 => "iec61966-2-1",
        16 => "pq",
        18 => "hlg",
        _ => return None,
    })
}

/// `None`: the browser has no word for it.
pub fn matrix(code: u16) -> Option<&'static str> {
    Some(match code {
        0 => "rgb",
        1 => "bt709",
        5 => "bt470bg",
        6 => "smpte170m",
        9 => "bt2020-ncl",
        _ => return None,
    })
}
