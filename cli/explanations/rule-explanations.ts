// Explanations of the codes rules/…: mistakes in a team's review rules (cpanel-edge.rules.json), and changes that break
// them. docs/reference/errors/rules.md is made of them.
import { ExplanationPage } from './explanation-page';

export const ruleExplanations: ExplanationPage = {
  name: 'rules',
  title: 'Review rules, and findings by them: rules/…',
  introduction:
    '`cpanel-edge.rules.json` holds what a team allows. [How it is written](docs/reference/review-rules.md). A file with a mistake is refused whole.',
  explanations: {
    'rules/acknowledgement-expired':
      'The last day of this acknowledgement is over. Do what the finding asks, or set a new day.',
    'rules/acknowledgement-unused':
      'No finding matches this acknowledgement, which would hide a later one. Remove it, or correct its code or place.',
    'rules/admin-source':
      'Unlisted addresses reach a port for administrators. Narrow `from` in the stack, or add the addresses to the rules.',
    'rules/allowed-and-forbidden':
      'A service is allowed and forbidden as a whole; the stricter rule wins. Remove it from one of them. A part of a preset may be forbidden.',
    'rules/bad-address':
      "Rules hold for all stacks, so host names, ranges and names of source sets aren't taken. Write an address or a prefix.",
    'rules/bad-code':
      'An acknowledgement names one lint rule by its code: area, slash, words. Other objections can be acknowledged only where their section says so.',
    'rules/bad-date': 'The last day is year, month and day, `"2027-01-31"`, and exists.',
    'rules/bad-port':
      'A port is a number or range with its protocol, `"443/tcp"`, `"60000-60100/udp"`, from 1 to 65535. Names of services are taken, too.',
    'rules/bad-text':
      'Reasons and places are shown in reviews. Write one line of plain text, without invisible characters.',
    'rules/byte-order-mark':
      "JSON has no mark before its first character. Save the file as UTF-8 without BOM; PowerShell's `>` writes UTF-16.",
    'rules/empty-list':
      'An empty list could mean nothing or everything. Leave it out: without `from` an entry is for any source, without `to` for any public address. To allow nothing, forbid all ports.',
    'rules/ends-early': 'The file ends in the middle, as after a full disk or a bad merge. Restore the whole file.',
    'rules/everything':
      'A list of all addresses, or `anywhere` in a list, limits nothing. Leave the list out in `allowed`; `admin` always has sources.',
    'rules/forbidden':
      'The change allows traffic that the rules forbid. Close it in the stack, or change the rules first, in a commit of its own.',
    'rules/host-bits-set':
      "A prefix with host bits could be a host or a network. Write the network's first address, or leave the length out.",
    'rules/key-twice': 'JSON drops the first of two equal keys. Join the two.',
    'rules/missing': 'A field is missing here. An acknowledgement needs its code, its reason and its last day.',
    'rules/not-allowed':
      "The rules list all that may be reachable, and this isn't in the list. Close it, or add it to the rules.",
    'rules/not-in-range': 'The value is a whole number without quotes. The message has its range.',
    'rules/not-json':
      "The text isn't JSON from this place on. Look for a comma after the last entry, single quotes, or a comment.",
    'rules/other-format':
      '`"format": 1` says which format the file has. Write 1, or use the cpanel-edge that the file was written for.',
    'rules/protocol-missing': 'A port number alone could be TCP or UDP. Write the protocol, or both.',
    'rules/too-large':
      'The file is far larger than review rules are. Write prefixes and ranges in place of single hosts and ports.',
    'rules/too-many-devices':
      'The change touches more devices than `mostDevices` allows. Deliver to some first, by a profile of their own.',
    'rules/too-many-entries':
      'The list is longer than the limit. Write prefixes in place of hosts, and ranges in place of ports.',
    'rules/unknown-key':
      'The rules have no field of this name. Check its spelling: [all fields](docs/reference/review-rules.md).',
    'rules/unknown-service':
      'The port table has no such service or preset. Write one of [these](docs/reference/services.md), or the port with its protocol.',
    'rules/wrong-type':
      'The value has another type than the field, such as a text in place of a list. The message shows an example.',
  },
};
