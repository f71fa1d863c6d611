//! Random bytes that nobody can foretell.

use js_sys::Uint8Array;

/// `N` of them; `None` outside a window.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let crypto = web_sys::window()?.crypto().ok()?;
    let array = Uint8Array::new_with_length(N as u32);
    crypto.get_random_values_with_array_buffer_view(&array).ok()?;
    array.to_vec().try_into().ok()
}
