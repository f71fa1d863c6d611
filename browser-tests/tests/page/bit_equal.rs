//! The engine gives the host's bits in Chromium: kernels with SIMD and without, and whole frames, pixels to depths.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use browser_tests::{Browser, Camera};
use serde_json::json;

/// What benches/kernel-twin/run.mjs does under Node.
#[test]
fn kernels_and_whole_frames_agree_with_the_host_bit_for_bit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let twin = fs::read(root.join(target).join("wasm32-unknown-unknown/web-fast/kernel_twin.wasm"));
    let twin = BASE64_STANDARD.encode(twin.expect("the twin is built: `cargo xtask test` does it"));
    let golden = |name: &str| -> Vec<String> {
        let text =
            fs::read_to_string(root.join("tests/golden").join(name)).expect("a file of the repository");
        text.lines().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect()
    };
    let (kernels, frames) = (golden("kernel_hashes.txt"), golden("frame_hashes.txt"));
    assert!(kernels.len() > 300 && frames.len() > 5, "{} cases, {} frames", kernels.len(), frames.len());

    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    let script = format!(
        r#"(async () => {{
            const bytes = Uint8Array.from(atob("{twin}"), (letter) => letter.charCodeAt(0));
            const module = await WebAssembly.compile(bytes);
            const imports = {{}};
            for (const {{ module: from, name }} of WebAssembly.Module.imports(module)) {{
                (imports[from] ??= {{}})[name] = () => {{ throw new Error(`${{from}}.${{name}} was called`); }};
            }}
            const twin = (await WebAssembly.instantiate(module, imports)).exports;
            if (!twin.has_simd()) throw new Error("no SIMD kernels in this build");
            const hex = (hash) => BigInt.asUintN(64, hash).toString(16).padStart(16, "0");
            const list = (length, hash) => Array.from({{ length }}, (_, index) => hex(hash(index)));
            return [
                list({kernels}, (seed) => twin.case_hash(seed, 1)),
                list({kernels}, (seed) => twin.case_hash(seed, 0)),
                list({frames}, (index) => twin.frame_hash(index)),
            ];
        }})()"#,
        kernels = kernels.len(),
        frames = frames.len()
    );
    let found = page.try_evaluate(&script).unwrap_or_else(|fault| panic!("the twin failed: {fault}"));
    assert_eq!(found[0], json!(kernels), "simd128");
    assert_eq!(found[1], json!(kernels), "scalar");
    assert_eq!(found[2], json!(frames), "whole frames");
}
