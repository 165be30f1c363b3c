//! The built page in memory, each file compressed once.

use crate::compress::{self, Coding};
use std::collections::BTreeMap;
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io, thread};

/// The operator's own file. Nobody would think of compressing it again after a change.
const CHANGES: &str = "config.json";

/// One file in each coding that makes it smaller.
pub struct Asset {
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
    /// Changes when the content does.
    pub fingerprint: u64,
    pub media_type: &'static str,
    /// Named after its own content, so it never changes under this name.
    pub hashed: bool,
}

impl Asset {
    pub fn new(name: &str, plain: Vec<u8>) -> io::Result<Self> {
        Self::with(name, plain, |_| None)
    }

    /// The same, if `kept` does not have a coding of it already.
    fn with(name: &str, plain: Vec<u8>, kept: impl Fn(&str) -> Option<Vec<u8>>) -> io::Result<Self> {
        let (media_type, compressible) = media_type(name);
        let smaller = |coded: Vec<u8>| (coded.len() < plain.len()).then_some(coded);
        let coded = |ending, make: fn(&[u8]) -> io::Result<Vec<u8>>| match kept(ending) {
            Some(coded) => Ok(Some(coded)),
            None => make(&plain).map(smaller),
        };
        let (brotli, gzip) =
            if compressible { (coded("br", compress::brotli)?, coded("gz", compress::gzip)?) } else { (None, None) };
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        Ok(Self { fingerprint: hasher.finish(), media_type, hashed: is_hashed(name), brotli, gzip, plain })
    }

    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// The body in the coding wished for, or as it is.
    pub fn body(&self, wish: Coding) -> (Coding, &[u8]) {
        let coded = match wish {
            Coding::Brotli => self.brotli.as_deref(),
            Coding::Gzip => self.gzip.as_deref(),
            Coding::Identity => None,
        };
        coded.map_or((Coding::Identity, &self.plain), |body| (wish, body))
    }
}

/// All files by their path below the root, without a leading slash.
#[derive(Default)]
pub struct Site {
    assets: BTreeMap<String, Asset>,
}

impl Site {
    /// Reads and compresses a folder. Brotli at its best takes seconds a megabyte, so all cores help.
    pub fn read(dir: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        list(dir, "", &mut names)?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        // Large files first, dealt out in turn, so that no core gets all of them.
        names.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        let dealt = (0..cores).map(|core| names.iter().skip(core).step_by(cores));
        let assets = thread::scope(|scope| {
            let workers: Vec<_> = dealt
                .map(|names| {
                    scope.spawn(move || {
                        names
                            .map(|(name, _)| {
                                let kept = |ending: &str| kept(dir, name, ending);
                                Ok((name.clone(), Asset::with(name, fs::read(dir.join(name))?, kept)?))
                            })
                            .collect::<io::Result<Vec<_>>>()
                    })
                })
                .collect();
            let results =
                workers.into_iter().map(|w| w.join().unwrap_or_else(|_| Err(io::Error::other("a thread died"))));
            results.collect::<io::Result<Vec<_>>>()
        })?;
        Ok(Self { assets: assets.into_iter().flatten().collect() })
    }

    pub fn insert(&mut self, name: &str, content: Vec<u8>) -> io::Result<()> {
        self.assets.insert(name.to_owned(), Asset::new(name, content)?);
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.assets.get(name)
    }

    pub fn len(&self) -> usize {
        self.assets.len()
    }
}

fn list(dir: &Path, below: &str, names: &mut Vec<(String, u64)>) -> io::Result<()> {
    for entry in fs::read_dir(dir.join(below))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            list(dir, &path, names)?;
        } else if !path.ends_with(".br") && !path.ends_with(".gz") {
            names.push((path, entry.metadata()?.len()));
        }
    }
    Ok(())
}

/// What [`compress`] has left, unless the file was changed since.
fn kept(dir: &Path, name: &str, ending: &str) -> Option<Vec<u8>> {
    let coded = dir.join(format!("{name}.{ending}"));
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    (time(&coded)? >= time(&dir.join(name))?).then(|| fs::read(coded).ok()).flatten()
}

/// Puts `x.br` and `x.gz` beside each file x that becomes smaller by them, for web servers that give those out as they are.
pub fn compress(dir: &Path) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let site = Site::read(dir).map_err(|problem| format!("cannot read {}: {problem}", dir.display()))?;
    for (name, asset) in site.assets.iter().filter(|(name, _)| *name != CHANGES) {
        for (ending, coded) in [("br", &asset.brotli), ("gz", &asset.gzip)] {
            if let Some(coded) = coded {
                fs::write(dir.join(format!("{name}.{ending}")), coded)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The media type, and whether compression pays.
fn media_type(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "json" | "map" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" | "ftl" => ("text/plain; charset=utf-8", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "avif" => ("image/avif", false),
        "woff2" => ("font/woff2", false),
        "ogg" | "oga" => ("audio/ogg", false),
        "mp3" => ("audio/mpeg", false),
        _ => ("application/octet-stream", false),
    }
}

/// Build tools put at least 12 hexadecimal digits of a hash into a name: `waxwing-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let is_hash = |word: &str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
    file.split(['-', '_', '.']).any(is_hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_never_change() {
        assert!(is_hashed("waxwing-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("style-0123456789abcdef.css"));
        assert!(!is_hashed("index.html") && !is_hashed("boot.js") && !is_hashed("config.json"));
        assert!(!is_hashed("0123456789abcdef/boot.js"));
        assert!(!is_hashed("deadbeef.js"));
    }

    #[test]
    fn wasm_gets_the_type_that_streaming_compilation_needs() {
        assert_eq!(media_type("a.b.wasm").0, "application/wasm");
        assert_eq!(media_type("noextension").0, "application/octet-stream");
    }

    #[test]
    fn what_was_compressed_before_is_no_file_of_the_page_and_is_used() {
        let dir = std::env::temp_dir().join(format!("waxwing-host-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("a.js"), [b'x'; 1000]).unwrap();
        fs::write(dir.join(CHANGES), [b' '; 1000]).unwrap();
        compress(&dir).unwrap();
        assert!(dir.join("a.js.gz").exists() && !dir.join("config.json.br").exists());
        fs::write(dir.join("a.js.br"), "kept").unwrap();
        let site = Site::read(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();
        assert_eq!(site.assets.keys().collect::<Vec<_>>(), ["a.js", CHANGES]);
        assert_eq!(site.get("a.js").unwrap().body(Coding::Brotli), (Coding::Brotli, &b"kept"[..]));
    }

    #[test]
    fn a_body_is_coded_only_where_that_helps() {
        let text = Asset::new("a.js", vec![b'x'; 1000]).unwrap();
        assert_eq!(text.body(Coding::Brotli).0, Coding::Brotli);
        let tiny = Asset::new("a.js", b"x".to_vec()).unwrap();
        assert_eq!(tiny.body(Coding::Gzip), (Coding::Identity, &b"x"[..]));
        let picture = Asset::new("a.png", vec![0; 1000]).unwrap();
        assert_eq!(picture.body(Coding::Brotli).0, Coding::Identity);
    }
}
