/** Where a text tells what it is: past a long remark of somebody's, and short of a whole ruleset. */
const MOST_LOOKED_AT = 200_000;

const TABLE = /^table\s+((ip|ip6|inet|arp|bridge|netdev)\s+)?("[^"\n]*"|[A-Za-z_][\w./\\-]*)\s*(\{|;|$)/;
const COMMAND =
  /^(add|create|insert|delete|destroy|flush|reset)\s+(table|chain|rule|set|map|element|ruleset|counter|quota|limit|flowtable|ct|ip|ip6|inet|arp|bridge|netdev)\b/;
const SCRIPT = /^((re)?define\s+[A-Za-z_]\w*\s*=|include\s+")/;

/** Whether the first statement of a text is one of nft's: a table, a command, a definition. */
export function recognises(text: string): boolean {
  const head = text.slice(0, MOST_LOOKED_AT);
  if (/^#!\S*\bnft\b/.test(head.trimStart())) return true;
  const first = head
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
  return first !== undefined && (TABLE.test(first) || COMMAND.test(first) || SCRIPT.test(first));
}
