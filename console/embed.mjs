// Writes files.cpp, which holds what Vite made, as it is and compressed.
//
//   node embed.mjs TO      TO/files is what Vite made

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? walk(join(folder, one.name)) : [join(folder, one.name)]);
}

const to = process.argv[2];
const folder = join(to, "files");
const rows = [];
for (const file of walk(folder).sort()) {
  const type = types[extname(file)];
  if (!type) throw new Error(`What is ${file}?`);
  const body = readFileSync(file);
  const packed = gzipSync(body, { level: constants.Z_BEST_COMPRESSION });
  const smaller = packed.length < body.length;
  if (smaller) writeFileSync(`${file}.gz`, packed);
  const path = file.slice(folder.length);
  rows.push({ path, type, file, smaller });
}

const embedded = rows.flatMap(({ file, smaller }, at) => [
  `constexpr char body_${at}[] = {\n#embed "${file}"\n    , 0};`,
  ...(smaller ? [`constexpr char gzip_${at}[] = {\n#embed "${file}.gz"\n    , 0};`] : []),
]);
const listed = rows.map(({ path, type, smaller }, at) =>
  `    {"${path}", "${type}", {body_${at}, sizeof body_${at} - 1}, ` +
  (smaller ? `{gzip_${at}, sizeof gzip_${at} - 1}},` : "{}},"));
writeFileSync(join(to, "files.cpp"), `// Made by console/embed.mjs.
#include "door/console.h"

namespace piggy {
namespace {

${embedded.join("\n")}

constexpr ConsoleFile files[] = {
${listed.join("\n")}
};

}  // namespace

std::span<const ConsoleFile> console_files() { return files; }

}  // namespace piggy
`);
