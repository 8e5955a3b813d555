/// The program's version: the one place where it is written. `--version`, manifests, findings, the run log and stores take it from here.
let toolVersion = "0.1.0"
