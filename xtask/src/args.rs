//! The few options of the commands, without a crate.

use crate::fault::{Fault, Result};

/// What stands behind the command's name.
pub struct Args {
    command: String,
    left: Vec<String>,
}

impl Args {
    pub fn new(command: &str, args: impl Iterator<Item = String>) -> Args {
        Args { command: command.to_owned(), left: args.collect() }
    }

    /// Whether the flag `name` is given.
    pub fn flag(&mut self, name: &str) -> bool {
        let found = self.left.iter().position(|word| word == name);
        found.map(|index| self.left.remove(index)).is_some()
    }

    /// The value of `--name VALUE`, if given.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(index) = self.left.iter().position(|word| word == name) else { return Ok(None) };
        self.left.remove(index);
        if index >= self.left.len() {
            return Err(Fault::new(format!("`{name}` wants a value behind it.")));
        }
        Ok(Some(self.left.remove(index)))
    }

    /// The first word that is no option; take the options before.
    pub fn word(&mut self) -> Option<String> {
        let index = self.left.iter().position(|word| !word.starts_with("--"))?;
        Some(self.left.remove(index))
    }

    /// Everything must have been asked for.
    pub fn finish(self) -> Result<()> {
        match self.left.first() {
            None => Ok(()),
            Some(word) => Err(Fault::new(format!(
                "`cargo xtask {}` does not know `{word}`. `cargo xtask help` lists what it knows.",
                self.command
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &[&str]) -> Args {
        Args::new("serve", words.iter().map(|&word| word.to_owned()))
    }

    #[test]
    fn options_are_taken_in_any_order_and_others_refused() {
        let mut given = args(&["--port", "9000", "--release"]);
        assert!(given.flag("--release") && !given.flag("--release"));
        assert_eq!(given.value("--port").ok().flatten().as_deref(), Some("9000"));
        assert!(given.finish().is_ok());
        let refusal = args(&["--prot", "9"]).finish().err().map(|fault| fault.to_string());
        assert!(refusal.is_some_and(|sentence| sentence.contains("`--prot`")));
        assert!(args(&["--port"]).value("--port").is_err());
        let mut given = args(&["--port", "9000", "dist"]);
        assert!(given.value("--port").is_ok());
        assert_eq!((given.word().as_deref(), given.word()), (Some("dist"), None));
    }
}
