//! The pages of a TIFF file: which one is the picture, and whether it is a camera's raw file in the form of one.
//!
//! TIFF 6.0; NewSubfileType, SubIFDs and DNGVersion as in TIFF/EP and the DNG specification. The decoder reads the first
//! page; where that is a preview, another one is put first.

use std::borrow::Cow;

/// More pages than this are not counted.
const MOST_PAGES: usize = 1000;

/// What a TIFF file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// A file whose first page is the picture, and how many pages of a full picture there are.
    Picture { bytes: Cow<'a, [u8]>, pages: usize, orientation: Option<u8> },
    /// A camera's raw file.
    Raw(&'static str),
    /// Only a preview is left: the list of the other pages leads out of the file.
    Cut,
}

/// One page's fields, as far as they matter here.
#[derive(Debug, Clone, Default)]
struct Page {
    offset: u32,
    width: u32,
    height: u32,
    /// Bit 0: a reduced copy of another page; bit 2: a mask.
    subfile: u32,
    photometric: u32,
    orientation: Option<u8>,
    make: String,
    raw: bool,
    inner: Vec<u32>,
}

impl Page {
    fn is_full(&self) -> bool {
        self.subfile & 5 == 0 && self.width > 0 && self.height > 0
    }

    fn area(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Look through a file that begins as a TIFF. Damaged lists are read as far as they go.
pub fn content(bytes: &[u8]) -> Content<'_> {
    let whole = Content::Picture { bytes: Cow::Borrowed(bytes), pages: 1, orientation: None };
    let Some(reader) = Reader::new(bytes) else { return whole };
    // Canon writes its name for the kind behind the header.
    if bytes.get(8..10) == Some(b"CR") {
        return Content::Raw("CR2");
    }
    let (pages, mut cut) = reader.pages(reader.long(4).unwrap_or_default());
    let Some(first) = pages.first() else { return whole };
    let mut inner = Vec::new();
    for at in pages.iter().flat_map(|page| &page.inner) {
        match reader.page(*at) {
            Some((page, _)) => inner.push(page),
            None => cut = true,
        }
    }
    let all = || pages.iter().chain(&inner);
    // 32803: a pattern of coloured filters; 34892: linear values of a sensor.
    if all().any(|page| page.raw || matches!(page.photometric, 32_803 | 34_892)) {
        return Content::Raw(raw_name(first, all().any(|page| page.raw)));
    }
    let count = pages.iter().filter(|page| page.is_full()).count();
    if cut && all().all(|page| !page.is_full()) {
        return Content::Cut;
    }
    if first.is_full() || all().all(|page| !page.is_full()) {
        return Content::Picture { bytes: Cow::Borrowed(bytes), pages: count.max(1), orientation: None };
    }
    // The first of the largest.
    let full = all().filter(|page| page.is_full()).fold(None, |best: Option<&Page>, page| match best {
        Some(best) if best.area() >= page.area() => Some(best),
        _ => Some(page),
    });
    let Some(full) = full else { return whole };
    let mut turned = bytes.to_vec();
    let offset = if reader.little { full.offset.to_le_bytes() } else { full.offset.to_be_bytes() };
    turned[4..8].copy_from_slice(&offset);
    Content::Picture {
        bytes: Cow::Owned(turned),
        pages: count.max(1),
        orientation: full.orientation.or(first.orientation),
    }
}

/// By whom a raw file is, as the ending of its name usually says.
fn raw_name(first: &Page, dng: bool) -> &'static str {
    let make = first.make.to_ascii_uppercase();
    let known = [
        ("NIKON", "NEF"),
        ("SONY", "ARW"),
        ("PENTAX", "PEF"),
        ("RICOH", "PEF"),
        ("SAMSUNG", "SRW"),
        ("HASSELBLAD", "3FR"),
        ("EPSON", "ERF"),
        ("KODAK", "DCR"),
        ("MAMIYA", "MEF"),
        ("LEAF", "MOS"),
        ("CANON", "CR2"),
        ("PHASE ONE", "IIQ"),
    ];
    match known.iter().find(|(name, _)| !dng && make.starts_with(name)) {
        Some((_, ending)) => ending,
        None if dng => "DNG",
        None => "TIFF/EP",
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        match bytes.first_chunk::<4>()? {
            b"II*\0" => Some(Self { bytes, little: true }),
            b"MM\0*" => Some(Self { bytes, little: false }),
            _ => None,
        }
    }

    fn short(&self, at: usize) -> Option<u32> {
        let pair = *self.bytes.get(at..)?.first_chunk()?;
        Some(u32::from(if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    /// The chain of pages from an offset on, and whether it leads out of the file; a ring ends where it closes.
    fn pages(&self, first: u32) -> (Vec<Page>, bool) {
        let (mut pages, mut next) = (Vec::<Page>::new(), first);
        while next > 0 && pages.len() < MOST_PAGES && pages.iter().all(|page| page.offset != next) {
            let Some((page, after)) = self.page(next) else { return (pages, true) };
            pages.push(page);
            next = after;
        }
        (pages, false)
    }

    /// The page at an offset, and where the next one is.
    fn page(&self, offset: u32) -> Option<(Page, u32)> {
        let begin = offset as usize;
        let count = self.short(begin)? as usize;
        let mut page = Page { offset, ..Page::default() };
        for entry in (0..count).map(|index| begin + 2 + 12 * index) {
            let (tag, kind) = (self.short(entry)?, self.short(entry + 2)?);
            let value = || if kind == 3 { self.short(entry + 8) } else { self.long(entry + 8) };
            match tag {
                254 => page.subfile = value()?,
                // The older field: 2 is a reduced copy.
                255 if value()? == 2 => page.subfile |= 1,
                256 => page.width = value()?,
                257 => page.height = value()?,
                262 => page.photometric = value()?,
                271 => page.make = self.text(entry),
                274 => page.orientation = u8::try_from(value()?).ok(),
                330 => page.inner = self.longs(entry),
                50_706 => page.raw = true,
                _ => {}
            }
        }
        let next = self.long(begin + 2 + 12 * count).unwrap_or_default();
        Some((page, next))
    }

    fn text(&self, entry: usize) -> String {
        let Some(count) = self.long(entry + 4) else { return String::new() };
        let at = if count <= 4 { entry + 8 } else { self.long(entry + 8).unwrap_or(u32::MAX) as usize };
        let bytes = self.bytes.get(at..).unwrap_or_default();
        String::from_utf8_lossy(&bytes[..bytes.len().min(count.min(64) as usize)]).into_owned()
    }

    fn longs(&self, entry: usize) -> Vec<u32> {
        let count = self.long(entry + 4).unwrap_or_default().min(16) as usize;
        let at = if count <= 1 { entry + 8 } else { self.long(entry + 8).unwrap_or(u32::MAX) as usize };
        (0..count).filter_map(|index| self.long(at.checked_add(4 * index)?)).collect()
    }
}
