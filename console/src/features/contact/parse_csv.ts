// Reads CSV (RFC 4180) with whatever stands between its cells: a comma, a semicolon or a tab.

export interface CsvTable {
  names: string[];
  rows: string[][];
}

function separatorOf(text: string): string {
  const line = text.slice(0, text.indexOf("\n") < 0 ? text.length : text.indexOf("\n"));
  const counted = [",", ";", "\t"].map((one) => ({ one, count: line.split(one).length }));
  return counted.sort((left, right) => right.count - left.count)[0]!.one;
}

export function parseCsv(given: string): CsvTable {
  const text = given.replace(/^\uFEFF/, "");
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.some((one) => one.trim() !== "")) rows.push(row);
    row = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at]!;
      else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === separator) {
      row.push(cell);
      cell = "";
    } else if (char === "\n") endRow();
    else if (char !== "\r") cell += char;
  }
  if (cell !== "" || row.length > 0) endRow();
  const names = (rows.shift() ?? []).map((name) => name.trim());
  return { names, rows };
}
