//! Randomness from the browser's cryptographic source.

/// Fresh random bytes; `None` if the browser has no source, in which case nothing safe can be done.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}
