//! Writes the result files of sample people: `cargo run --release -p emotion-panel --example sample_files -- FOLDER PEOPLE
//! [SECONDS]`. With SECONDS there is one stimulus of that length, for timings.

use emotion_panel::sample::Sample;
use emotion_study::result;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(folder), Some(people)) = (arguments.first(), arguments.get(1)) else {
        return Err("name a folder and the number of people".into());
    };
    let folder = std::path::Path::new(folder);
    let people: u32 = people.parse()?;
    let sample = match arguments.get(2) {
        Some(seconds) => Sample::long(seconds.parse()?),
        None => Sample::default(),
    };
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("study.json"), sample.study_json())?;
    for index in 0..people {
        let made = sample.result(index);
        std::fs::write(folder.join(result::file_name(&made)), result::write(&made))?;
    }
    println!("{people} files are in {}", folder.display());
    Ok(())
}
