//! What a first visit costs, and whether that is too much.

use crate::compress::Coding;
use crate::first_load::first_load;
use crate::site::Site;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// Prints the table: of the first load of the page, or `only` of these files. The limit is on the sum in brotli, which is
/// what browsers are sent.
pub fn report(dir: &Path, limit: Option<usize>, only: &[String]) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let site = Site::read(dir).map_err(|problem| format!("cannot read {}: {problem}", dir.display()))?;
    if site.get("index.html").is_none() {
        return Err(format!("{} holds no built page", dir.display()).into());
    }
    let mut total = [0; 3];
    let names = if only.is_empty() { first_load(&site) } else { only.iter().cloned().collect() };
    println!("{:>9} {:>9} {:>9}  {}", "raw", "gzip", "brotli", if only.is_empty() { "first load" } else { "files" });
    for name in names {
        let Some(asset) = site.get(&name) else { return Err(format!("there is no {name}").into()) };
        let sizes = [Coding::Identity, Coding::Gzip, Coding::Brotli].map(|coding| asset.body(coding).1.len());
        print_row(sizes, &name);
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
    }
    print_row(total, "total");
    let [_, _, brotli] = total;
    match limit {
        Some(limit) if brotli > limit => {
            println!("Too large: {brotli} bytes in brotli, the limit is {limit}.");
            Ok(ExitCode::FAILURE)
        }
        Some(limit) => {
            println!("Within the limit of {limit} bytes in brotli; {} are left.", limit - brotli);
            Ok(ExitCode::SUCCESS)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

fn print_row([raw, gzip, brotli]: [usize; 3], name: &str) {
    println!("{raw:>9} {gzip:>9} {brotli:>9}  {name}");
}
