// Collects the explanations of problem codes from the Markdown pages of the documentation, by code, for `cpanel-edge
// explain`.

/** In the code of a heading: any platform. */
const ANY_PLATFORM = 'PLATFORM/';

/** Returns the explanations of codes, from pages whose headings are codes. `ids`: the prefixes of platforms' codes. */
export function collectExplanations(pages: readonly string[], ids: readonly string[]): ReadonlyMap<string, string> {
  const sections = pages.flatMap(splitSections);
  const platformSections = sections.filter(([code]) => code.startsWith(ANY_PLATFORM));
  return new Map([
    ...ids.flatMap((id) =>
      platformSections.map(([code, text]) => [`${id}/${code.slice(ANY_PLATFORM.length)}`, text] as const),
    ),
    // The section of one platform comes last, so it replaces the general one.
    ...sections.filter(([code]) => !code.startsWith(ANY_PLATFORM)),
  ]);
}

const splitSections = (page: string): readonly (readonly [string, string])[] =>
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [code = ''] = section.split('\n', 1);
      return [code, section.slice(code.length).trim()];
    });
