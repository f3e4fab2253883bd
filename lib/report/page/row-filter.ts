// Renders the form above the tables of an HTML report: a search field, and a check box for each part of the report. The
// script of the page filters the rows by it.

import { ReportSection } from '../report-document';
import { Html, EMPTY_HTML, markup } from './html';

/** A reader sees fewer rows than this at once, so no filter is needed. */
const MIN_FILTERED_ROWS = 10;

/** More boxes than this are no help: then rows are filtered by words alone. */
const MAX_PART_BOXES = 6;

/**
 * Returns the form that the script filters rows by. It is hidden until the script runs, since it does nothing without
 * it. Empty if a reader sees every row at once.
 */
export function renderRowFilter(sections: readonly ReportSection[]): Html {
  const tables = sections.flatMap(({ title, table }) =>
    table && table.rows.length > 0 ? [{ name: toPartName(title), table }] : [],
  );
  if (tables.reduce((total, { table }) => total + table.rows.length, 0) < MIN_FILTERED_ROWS) return EMPTY_HTML;
  const parts = [...new Set(tables.map(({ name }) => name))];
  const boxes = (parts.length > MAX_PART_BOXES ? [] : parts).map(
    (name) => markup`<label><input type="checkbox" checked value="${name}" /> ${name}</label>\n`,
  );
  return markup`<form hidden>\n<label>Rows with <input type="search" autocomplete="off" /></label>\n${boxes}<output></output>\n</form>\n`;
}

/** Returns the name of a section with a table in the filter. */
export const toPartName = (title: ReportSection['title']): string =>
  typeof title === 'string'
    ? title
    : title
        .map((part) =>
          typeof part === 'string' ? part : 'exact' in part ? part.exact : 'strong' in part ? part.strong : '',
        )
        .join('');
