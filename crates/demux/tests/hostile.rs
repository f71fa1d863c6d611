//! Files that are meant ill, or torn: whatever the bytes, the demuxer neither panics nor reserves more than it may.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use demux::{Demuxer, Fault, Reader, Source, Step};
use proptest::prelude::*;

/// Counts what this thread holds, and the most it ever did.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is handed on to the system's allocator; the counters are plain cells of this thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = HELD.try_with(|held| {
            held.set(held.get() + layout.size());
            let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
        });
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _ = HELD.try_with(|held| held.set(held.get().saturating_sub(layout.size())));
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most that is held while `work` runs, beyond what is held before.
fn most_held<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let done = work();
    (done, MOST.get().saturating_sub(before))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

fn names() -> Vec<String> {
    let names = fs::read_dir(folder()).expect("the folder is there");
    let mut names: Vec<String> =
        names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.retain(|name| !name.ends_with(".bin"));
    names
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect("the file is there")
}

/// More packets than this in a file of some 25 kB: it goes round in circles.
const MOST_STEPS: usize = 2_000_000;

/// Goes through a file; gives the number of packets and how it ended.
fn go_through(file: &[u8]) -> (usize, Result<(), Fault>) {
    let mut demuxer = Demuxer::new(file.len() as u64);
    let mut packets = 0;
    let mut reads = 0;
    for _ in 0..MOST_STEPS {
        match demuxer.step() {
            Ok(Step::Read(range)) => {
                assert!(range.start < range.end && range.end <= file.len() as u64, "{range:?}");
                demuxer.supply(range.start, &file[range.start as usize..range.end as usize]);
                reads += 1;
                assert!(reads < 200_000, "it asks for ever");
            }
            Ok(Step::Packet(packet)) => {
                assert!(packet.range.start < packet.range.end && packet.range.end <= file.len() as u64);
                packets += 1;
            }
            Ok(Step::End) => return (packets, Ok(())),
            Err(fault) => return (packets, Err(fault)),
        }
    }
    // Tables may name the same bytes again and again; memory stays bounded all the same.
    (packets, Ok(()))
}

/// A file of at most 30 kB needs no more.
const MOST_BYTES: usize = 2 << 20;

#[test]
fn a_file_may_end_at_any_byte() {
    for name in [
        "bframes.mp4",
        "fragmented.mp4",
        "fragments_apart.mp4",
        "turned.mov",
        "vp9.webm",
        "live.webm",
        "groups.mkv",
    ] {
        let whole = file(name);
        let (all, _) = go_through(&whole);
        let mut before = 0;
        for end in 0..whole.len() {
            let ((packets, _), most) = most_held(|| go_through(&whole[..end]));
            assert!(most < MOST_BYTES, "{name}, {end}: {most}");
            assert!(packets <= all, "{name}, {end}");
            if name.ends_with("webm") {
                assert!(packets >= before, "{name}, {end}: more bytes give no fewer pictures");
                before = packets;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_may_be_changed(
        name in prop::sample::select(names()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        ones in prop::collection::vec((any::<prop::sample::Index>(), 1usize..9), 0..4),
    ) {
        let mut bytes = file(&name);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        // Sizes and counts of all ones are the worst.
        for (at, length) in ones {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes[at..end].fill(0xff);
        }
        let (_, most) = most_held(|| go_through(&bytes));
        prop_assert!(most < MOST_BYTES, "{name}: {most}");
    }

    /// Damage to the head of the file, where sizes and tables are: much likelier to be looked at.
    #[test]
    fn any_field_of_the_index_may_be_changed(
        name in prop::sample::select(names()),
        place in any::<prop::sample::Index>(),
        value in prop::sample::select(vec![0u32, 1, 7, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]),
    ) {
        let mut bytes = file(&name);
        let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|four| four == mark);
        let index = find(&bytes, b"moov").or_else(|| find(&bytes, &[0x15, 0x49, 0xa9, 0x66])).unwrap_or(0);
        let length = (bytes.len() - index).min(1500);
        let at = index + place.index(length.saturating_sub(4).max(1));
        if let Some(field) = bytes.get_mut(at..at + 4) {
            field.copy_from_slice(&value.to_be_bytes());
        }
        let (_, most) = most_held(|| go_through(&bytes));
        prop_assert!(most < MOST_BYTES, "{name}: {most}");
    }

    #[test]
    fn any_bytes_may_follow_a_beginning(
        mp4 in any::<bool>(),
        rest in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        let mut bytes = if mp4 { b"\0\0\0\x10ftypisom\0\0\0\0".to_vec() } else { vec![0x1a, 0x45, 0xdf, 0xa3, 0x80] };
        bytes.extend(rest);
        let (_, most) = most_held(|| go_through(&bytes));
        prop_assert!(most < MOST_BYTES, "{most}");
    }
}

/// An index that says it has more bytes than are ever read is refused, and nothing is reserved.
#[test]
fn an_index_of_gigabytes_is_refused() {
    let mut head = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
    head.extend([0, 0, 0, 1]);
    head.extend(b"moov");
    head.extend((5u64 << 30).to_be_bytes());
    let mut demuxer = Demuxer::new(6 << 30);
    demuxer.supply(0, &head);
    demuxer.supply(16, &head[16..]);
    let (fault, most) = most_held(|| demuxer.step());
    assert!(matches!(fault, Err(Fault::TooLarge { .. })), "{fault:?}");
    assert!(most < 4096, "{most}");
}

/// A block group of more elements than pieces are held: each is read once, and the demuxer goes on.
#[test]
fn a_block_group_may_have_many_elements() {
    let element = |id: &[u8], content: &[u8]| {
        let mut bytes = id.to_vec();
        bytes.extend((1u16 << 14 | content.len() as u16).to_be_bytes());
        bytes.extend(content);
        bytes
    };
    let number = [0xd7, 0x81, 1, 0x83, 0x81, 1];
    let size = element(&[0xe0], &[0xb0, 0x81, 64, 0xba, 0x81, 64]);
    let entry = element(&[0xae], &[number.as_slice(), &element(&[0x86], b"V_VP8"), &size].concat());
    let mut group = Vec::new();
    for _ in 0..20 {
        group.extend(element(&[0xee], &[1; 20]));
    }
    group.extend(element(&[0xa1], &[0x81, 0, 0, 0x80, 7, 7, 7]));
    group.extend(element(&[0x9b], &[40]));
    let cluster = [element(&[0xe7], &[0]), element(&[0xa0], &group)].concat();
    let file = [
        element(&[0x1a, 0x45, 0xdf, 0xa3], &[]),
        vec![0x18, 0x53, 0x80, 0x67, 0xff],
        element(&[0x16, 0x54, 0xae, 0x6b], &entry),
        element(&[0x1f, 0x43, 0xb6, 0x75], &cluster),
    ]
    .concat();
    assert_eq!(go_through(&file), (1, Ok(())));
}

/// One size for four billion pictures that are not there: it ends soon, and says that they are missing.
#[test]
fn a_table_of_billions_ends() {
    let mut bytes = file("bframes.mp4");
    let at = bytes.windows(4).position(|kind| kind == b"stsz").expect("it has sizes") + 8;
    bytes[at..at + 8].copy_from_slice(&[0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    let at = bytes.windows(4).position(|kind| kind == b"stsc").expect("it has chunks") + 16;
    bytes[at..at + 4].fill(0xff);
    let mut demuxer = Demuxer::new(bytes.len() as u64);
    while let Ok(Step::Read(range)) = demuxer.step() {
        demuxer.supply(range.start, &bytes[range.start as usize..range.end as usize]);
    }
    assert!(demuxer.remarks().beyond_end >= 10_000_000 && demuxer.remarks().cut_off);
    assert_eq!(demuxer.claims().packets, Some(0xffff_ffff));
}

/// A file with a hole of zeros in it that nobody has to store.
struct Holed {
    file: Vec<u8>,
    at: u64,
    hole: u64,
    reads: Cell<u64>,
}

impl Source for &Holed {
    fn len(&self) -> u64 {
        self.file.len() as u64 + self.hole
    }

    async fn read(&self, range: Range<u64>) -> Result<Vec<u8>, String> {
        self.reads.set(self.reads.get() + range.end - range.start);
        let byte = |at: u64| match at {
            at if at < self.at => self.file[at as usize],
            at if at < self.at + self.hole => 0,
            at => self.file[(at - self.hole) as usize],
        };
        Ok(range.map(byte).collect())
    }
}

/// A future that never has to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

const HOLE: u64 = 9 << 29;

/// 4.5 GB: only what is needed is read, and little is held.
#[test]
fn films_of_more_than_four_gigabytes_are_read_by_slices() {
    let far = Holed { file: file("far.bin"), at: 48, hole: HOLE, reads: Cell::new(0) };
    // A Void element of 4.5 GB between two clusters of a live recording, and a free box between two fragments.
    let mut live = file("live.webm");
    let cluster = [0x1f, 0x43, 0xb6, 0x75];
    let second =
        live.windows(4).enumerate().filter(|(_, four)| *four == cluster).nth(1).expect("a cluster").0;
    let mut void = vec![0xec, 0x01];
    void.extend(&HOLE.to_be_bytes()[1..]);
    live.splice(second..second, void);
    let live = Holed { file: live, at: second as u64 + 9, hole: HOLE, reads: Cell::new(0) };
    let mut fragments = file("fragmented.mp4");
    let second =
        fragments.windows(4).enumerate().filter(|(_, four)| *four == b"moof").nth(1).expect("a moof").0 - 4;
    let mut free = b"\0\0\0\x01free".to_vec();
    free.extend((16 + HOLE).to_be_bytes());
    fragments.splice(second..second, free);
    let fragments = Holed { file: fragments, at: second as u64 + 16, hole: HOLE, reads: Cell::new(0) };
    for (holed, packets) in [(&far, 24), (&live, 72), (&fragments, 24)] {
        let (sizes, most) = most_held(|| {
            let mut reader = Reader::new(holed);
            let mut sizes = Vec::new();
            while let Some((packet, bytes)) = now(reader.next()).expect("it can be read") {
                assert_eq!(packet.range.end - packet.range.start, bytes.len() as u64);
                sizes.push(bytes.len());
            }
            sizes
        });
        assert_eq!(sizes.len(), packets);
        assert!(sizes.iter().all(|size| *size > 0));
        assert!(holed.reads.get() < 16 << 20, "{} bytes read", holed.reads.get());
        assert!(most < 16 << 20, "{most} bytes held");
    }
}

#[test]
fn what_the_source_does_not_give_is_said() {
    struct Gone;
    impl Source for Gone {
        fn len(&self) -> u64 {
            1000
        }

        async fn read(&self, _: Range<u64>) -> Result<Vec<u8>, String> {
            Err("NotReadableError".to_owned())
        }
    }
    let fault = now(Reader::new(Gone).next()).expect_err("it cannot be read");
    assert_eq!(fault, Fault::Unreadable("NotReadableError".to_owned()));
}
