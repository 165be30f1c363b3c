//! Waiting. Nothing in a test waits for time to pass: it waits for a condition, and only this file pauses.

use std::time::{Duration, Instant};

/// How long a condition may take on a slow machine with more to do. It is no measure of anything: what holds, holds
/// within a fraction of it.
pub const PATIENCE: Duration = Duration::from_secs(60);

const PAUSE: Duration = Duration::from_millis(30);

/// Waits until `look` has found what is sought. It says what it sees instead while it has not.
pub async fn until<T>(sought: &str, look: impl AsyncFn() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) if began.elapsed() > PATIENCE => {
                panic!("waited {} s until {sought}, but: {seen}", PATIENCE.as_secs())
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// The same for what happens outside of any scene, such as a program getting ready.
pub fn until_now<T>(sought: &str, look: impl Fn() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        match look() {
            Ok(found) => return found,
            Err(seen) if began.elapsed() > PATIENCE => {
                panic!("waited {} s until {sought}, but: {seen}", PATIENCE.as_secs())
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}
