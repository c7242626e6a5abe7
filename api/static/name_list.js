// The names of a list that somebody brings along: pasted lines, or a file that a spreadsheet wrote.

/** Each name once, in order; of columns, which a spreadsheet parts by tabs, the first. */
export function namesIn(text) {
  const names = text.split(/\r\n|\r|\n/).map((line) => line.trim().split("\t", 1)[0].trim());
  return [...new Set(names.filter(Boolean))];
}

/** The names of a file as lines: of a CSV file, its first column. */
export async function linesOf(file) {
  const text = decoded(await file.arrayBuffer());
  return /\.csv$/i.test(file.name) || file.type === "text/csv" ? firstColumn(text).join("\n") : text;
}

// Spreadsheets still write the code page of Windows where UTF-8 was not asked for, and UTF-16 as "Unicode text". Throws where
// it is no text: any bytes at all are characters of that code page, those of a workbook too.
function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  const text = inUtf8(bytes) ?? new TextDecoder("windows-1252").decode(bytes);
  if (text.includes("\0")) throw new TypeError("not a text");
  return text;
}

function inUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// RFC 4180: a quoted cell may hold separators and line breaks. In French, spreadsheets separate by semicolons.
function firstColumn(text) {
  const separator = /^.*?([;\t])/.exec(text)?.[1] ?? ",";
  const line = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(?:"(?:[^"]|"")*"|[^\\r\\n])*(?:\\r\\n|\\r|\\n|$)`, "gy");
  const cells = [];
  while (line.lastIndex < text.length) {
    const [, quoted, plain] = line.exec(text);
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"').replace(/\s+/g, " "));
  }
  return cells;
}
