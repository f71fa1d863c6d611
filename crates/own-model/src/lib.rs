//! An expression model of a person's own, beside the built-in one.
//!
//! [`card`] says what a model takes and gives, [`graph`] what its file tells (and refuses what is damaged or too large before
//! anything is allocated for it), [`proposal`] makes a card of that, [`crop`] cuts out the face as the card asks for it, and
//! `OwnModel` (feature `run`) gives the outputs for each face. The numbers are the model's own: nothing here calibrates them.

pub mod card;
pub mod crop;
pub mod graph;
pub mod proposal;

#[cfg(feature = "run")]
mod load;
mod model;
#[cfg(feature = "schema")]
pub mod schema;

#[cfg(feature = "run")]
pub use load::{OwnModelError, load};
pub use model::OwnModel;

/// SHA-256 of bytes in lower-case hexadecimal, as files name models and cards.
pub fn sha256_of(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
