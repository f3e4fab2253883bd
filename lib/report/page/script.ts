// The JavaScript in HTML reports: filters table rows by words and check boxes.

import { markup } from './html';

/**
 * The script of a page: it shows the rows that have every word, of the parts that are ticked. It only shows and hides
 * elements that the page has, and makes no element of any text. Without it the form stays hidden, and the page has
 * every row. On paper nothing is folded.
 */
export const SCRIPT = markup`
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.querySelector('form');
  const parts = all('section[data-part]').map((section) => ({
    section,
    name: section.getAttribute('data-part'),
    tables: all('table', section),
    folds: all('details', section),
    rows: all('tbody tr', section).map((row) => ({
      row,
      text: all('td', row).map((cell) => cell.textContent).join(' ').toLowerCase(),
    })),
  }));

  let searched = false;
  const filter = () => {
    const words = form.querySelector('[type=search]').value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    const boxes = all('[type=checkbox]', form);
    const isTicked = (name) => boxes.length === 0 || boxes.some((box) => box.checked && box.value === name);
    let shown = 0;
    let count = 0;
    for (const { section, name, tables, folds, rows } of parts) {
      let here = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        here += row.hidden ? 0 : 1;
      }
      for (const table of tables) table.hidden = all('tbody tr', table).every((row) => row.hidden);
      count += rows.length;
      section.hidden = !isTicked(name) || (here === 0 && rows.length > 0);
      shown += section.hidden ? 0 : here;
      // What is looked for isn't folded; else folds are the reader's.
      if (words.length > 0 || searched)
        for (const fold of folds) fold.open = words.length > 0 && all('tbody tr', fold).some((row) => !row.hidden);
    }
    searched = words.length > 0;
    form.querySelector('output').textContent = shown + ' of ' + count + ' rows';
  };

  if (form) {
    form.hidden = false;
    form.addEventListener('input', filter);
    form.addEventListener('submit', (event) => event.preventDefault());
    filter();
  }

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = all('details').filter((one) => !one.open);
    for (const one of folded) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of folded) one.open = false;
  });
})();
`;
