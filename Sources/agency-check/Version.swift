/// The program's version. It is written only here; `--version`, manifests, findings, the run log and stores use it.
let toolVersion = "0.1.0"
