//! What a file is that is not read here, by its first bytes (and TGA by its last): so that the answer can name it.

/// A kind of file, and what a person can do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture that some browsers decode.
    Foreign(&'static str),
    /// A picture that is not read anywhere here.
    Picture(&'static str),
    /// A picture that a camera has not finished.
    Raw(&'static str),
    Video(&'static str),
    Other(&'static str),
}

/// Beginnings that name a kind: where they stand, and what stands there.
const MARKS: &[(usize, &[u8], Kind)] = &[
    (0, b"\xff\x0a", Kind::Foreign("JPEG XL")),
    (0, b"\0\0\0\x0cJXL ", Kind::Foreign("JPEG XL")),
    (0, b"\0\0\0\x0cjP  ", Kind::Picture("JPEG 2000")),
    (0, b"\xff\x4f\xff\x51", Kind::Picture("JPEG 2000")),
    (0, b"II\xbc\x01", Kind::Picture("JPEG XR")),
    (0, b"II\x2b\0", Kind::Picture("BigTIFF")),
    (0, b"MM\0\x2b", Kind::Picture("BigTIFF")),
    (0, b"\0\0\x01\0", Kind::Picture("ICO")),
    (0, b"\0\0\x02\0", Kind::Picture("CUR")),
    (0, b"icns", Kind::Picture("ICNS")),
    (0, b"8BPS", Kind::Picture("PSD")),
    (0, b"gimp xcf", Kind::Picture("XCF")),
    (0, b"\x76\x2f\x31\x01", Kind::Picture("OpenEXR")),
    (0, b"#?RADIANCE", Kind::Picture("Radiance HDR")),
    (0, b"#?RGBE", Kind::Picture("Radiance HDR")),
    (0, b"DDS ", Kind::Picture("DDS")),
    (0, b"qoif", Kind::Picture("QOI")),
    (0, b"farbfeld", Kind::Picture("farbfeld")),
    (0, b"SIMPLE  =", Kind::Picture("FITS")),
    (128, b"DICM", Kind::Picture("DICOM")),
    (0, b"AT&TFORM", Kind::Picture("DjVu")),
    (0, b"\x01\xda", Kind::Picture("SGI")),
    (0, b"\x59\xa6\x6a\x95", Kind::Picture("Sun raster")),
    (0, b"\xd7\xcd\xc6\x9a", Kind::Picture("WMF")),
    (40, b" EMF", Kind::Picture("EMF")),
    (0, b"BPG\xfb", Kind::Picture("BPG")),
    (0, b"FLIF", Kind::Picture("FLIF")),
    (0, b"/* XPM */", Kind::Picture("XPM")),
    (0, b"%!PS", Kind::Picture("PostScript")),
    (0, b"\xc5\xd0\xd3\xc6", Kind::Picture("EPS")),
    (0, b"%PDF", Kind::Other("a PDF document")),
    (0, b"FUJIFILMCCD-RAW", Kind::Raw("RAF")),
    (0, b"FOVb", Kind::Raw("X3F")),
    (0, b"\0MRM", Kind::Raw("MRW")),
    (0, b"IIRO", Kind::Raw("ORF")),
    (0, b"IIRS", Kind::Raw("ORF")),
    (0, b"MMOR", Kind::Raw("ORF")),
    (0, b"IIU\0", Kind::Raw("RW2")),
    (6, b"HEAPCCDR", Kind::Raw("CRW")),
    (4, b"ftypcrx ", Kind::Raw("CR3")),
    (0, b"\x1a\x45\xdf\xa3", Kind::Video("Matroska or WebM")),
    (0, b"\0\0\x01\xba", Kind::Video("MPEG")),
    (0, b"\0\0\x01\xb3", Kind::Video("MPEG")),
    (0, b"FLV\x01", Kind::Video("FLV")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind::Video("WMV")),
    (8, b"AVI LIST", Kind::Video("AVI")),
    (0, b"OggS", Kind::Video("Ogg")),
    (4, b"moov", Kind::Video("QuickTime")),
    (4, b"mdat", Kind::Video("QuickTime")),
    (8, b"WAVE", Kind::Other("a sound file")),
    (0, b"ID3", Kind::Other("a sound file")),
    (0, b"fLaC", Kind::Other("a sound file")),
    (0, b"PK\x03\x04", Kind::Other("a ZIP archive or an office document")),
    (0, b"\xd0\xcf\x11\xe0", Kind::Other("an office document")),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::Other("a 7-Zip archive")),
    (0, b"Rar!", Kind::Other("a RAR archive")),
    (0, b"\x1f\x8b", Kind::Other("a gzip archive")),
    (0, b"\x0a\x05\x01", Kind::Picture("PCX")),
    (0, b"{\\rtf", Kind::Other("a text document")),
];

/// What a file is; `None` where its bytes do not tell.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    // Older TGA files begin as cursors do; all of their header has to fit, so they come first.
    if let Some(kind) = tga(bytes) {
        return Some(kind);
    }
    let marked =
        MARKS.iter().find(|(at, mark, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(mark)));
    match marked {
        Some((_, _, kind)) => Some(*kind),
        None => media(bytes).or_else(|| netpbm(bytes)).or_else(|| text(bytes)),
    }
}

/// ISO base media files: the first box lists the brands that the file keeps to.
fn media(bytes: &[u8]) -> Option<Kind> {
    if bytes.get(4..8)? != b"ftyp" {
        // A transport stream has packets of 188 bytes, each with the same beginning.
        let packets = [0, 188, 376].map(|at| bytes.get(at) == Some(&0x47));
        return (packets == [true; 3]).then_some(Kind::Video("MPEG"));
    }
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let head = &bytes[8..length.clamp(12, bytes.len().max(12)).min(bytes.len())];
    let brands = head.as_chunks::<4>().0;
    // The version stands where the second brand would.
    let has =
        |known: &[&[u8; 4]]| brands.iter().enumerate().any(|(at, brand)| at != 1 && known.contains(&brand));
    Some(match () {
        () if has(&[b"avif", b"avis"]) => Kind::Foreign("AVIF"),
        () if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"]) => Kind::Foreign("HEIC"),
        () if has(&[b"mif1", b"msf1"])
            && brands.first().is_some_and(|brand| brand == b"mif1" || brand == b"msf1") =>
        {
            Kind::Foreign("HEIC")
        }
        () if has(&[b"jp2 ", b"jpx "]) => Kind::Picture("JPEG 2000"),
        () if has(&[b"M4A ", b"M4B "]) => Kind::Other("a sound file"),
        () if has(&[b"qt  "]) => Kind::Video("QuickTime"),
        () => Kind::Video("MP4"),
    })
}

/// Netpbm: "P" and a digit, and then white space or a comment.
fn netpbm(bytes: &[u8]) -> Option<Kind> {
    let [b'P', which, after, ..] = bytes else { return None };
    if !after.is_ascii_whitespace() && *after != b'#' {
        return None;
    }
    Some(Kind::Picture(match which {
        b'1' | b'4' => "PBM",
        b'2' | b'5' => "PGM",
        b'3' | b'6' => "PPM",
        b'7' => "PAM",
        b'F' | b'f' => "PFM",
        _ => return None,
    }))
}

/// So much of a text is looked through for what it is.
const TEXT_HEAD: usize = 4096;

/// Text, and of texts those that are known by a word.
fn text(bytes: &[u8]) -> Option<Kind> {
    let head = &bytes[..bytes.len().min(TEXT_HEAD)];
    // UTF-16 with its mark.
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        let narrow: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
        return Some(if contains(&narrow, b"<svg") {
            Kind::Picture("SVG")
        } else {
            Kind::Other("a text file")
        });
    }
    let plain = |byte: &u8| *byte >= 0x20 || byte.is_ascii_whitespace() || *byte == 0x0c;
    if head.is_empty() || !head.iter().all(plain) {
        return None;
    }
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter may be cut at the head's end.
        Err(error) => error.error_len().is_none(),
    };
    Some(match () {
        () if contains(head, b"<svg") => Kind::Picture("SVG"),
        () if contains(&head.to_ascii_lowercase(), b"<html") => Kind::Other("a web page"),
        () if valid => Kind::Other("a text file"),
        () => return None,
    })
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// Truevision TGA: newer files say so in their last bytes, older ones are known by a header in which all fits together.
fn tga(bytes: &[u8]) -> Option<Kind> {
    let known = Some(Kind::Picture("TGA"));
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return known;
    }
    let head: &[u8; 18] = bytes.first_chunk()?;
    let [id, map, kind] = [head[0], head[1], head[2]];
    let number = |at: usize| usize::from(head[at]) | usize::from(head[at + 1]) << 8;
    let (width, height, depth) = (number(12), number(14), head[16]);
    let kinds = match map {
        0 => &[2, 3, 10, 11][..],
        1 => &[1, 9],
        _ => return None,
    };
    let depths = if kind & 3 == 2 { &[15, 16, 24, 32][..] } else { &[8] };
    let mapped = if map == 1 { number(5) * usize::from(head[7]).div_ceil(8) } else { 0 };
    let begin = 18 + usize::from(id) + mapped;
    // Compressed rows take 1 / 128 of the room at the least.
    let least = width * height * usize::from(depth).div_ceil(8) / if kind >= 9 { 128 } else { 1 };
    let fits = kinds.contains(&kind) && depths.contains(&depth) && width > 0 && height > 0;
    if fits && (map == 1) == (number(5) > 0) && bytes.len() >= begin + least { known } else { None }
}
