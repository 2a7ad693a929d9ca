// Answers calls that are read as JSON, [[name, argument, …], …], with a list of what each gives.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { offered } = await import(pathToFileURL(process.argv[2]));
const calls = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(([name, ...given]) => offered[name](...given) ?? null)));
