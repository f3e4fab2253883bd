// Explanations of the codes on docs/reference/errors/rules.md.
import { ExplanationPage } from './explanation-page';

export const ruleExplanations: ExplanationPage = {
  name: 'rules',
  title: 'Review rules, and what breaks them: rules/…',
  introduction:
    'What a team allows stands in `cpanel-edge.rules.json`. [How it is written](docs/reference/review-rules.md). A file with a mistake is refused whole: half of the rules would be other rules.',
  explanations: {
    'rules/acknowledgement-expired':
      'Somebody accepted this finding up to a day, and that day is over. It counts again, so that nothing is accepted for ever by accident. Do what the finding asks for, or look at it again and write a new day.',
    'rules/acknowledgement-unused':
      "The rules accept a finding that isn't there any more, or that no rule has. Left in the file, it would let the same finding pass unseen some later day. Take it out, or correct its code or place.",
    'rules/admin-source':
      "A port for administrators would be reachable for somebody who isn't in the rules' list of them. Narrow `from` in the stack. If these people are administrators, add them to the rules, in a change that says so.",
    'rules/allowed-and-forbidden':
      'A service stands under `allowed` or `admin` and is forbidden as a whole, too. The stricter rule wins, so nobody could reach it, and whoever reads the entry believes otherwise. Take it out of one of the two. Of a preset a part may be forbidden: then the rest of it is what is allowed.',
    'rules/bad-address':
      'Rules are for all stacks, so addresses stand in them as such: no host names, no ranges, and no names of source sets, which belong to one stack. Write an address or a prefix.',
    'rules/bad-code':
      "An acknowledgement is for one rule of lint, named by its code as a review prints it: area, slash, words. With another text it would match nothing. Codes of objections that aren't lint's can't be acknowledged.",
    'rules/bad-date':
      'The day is written as year, month and day, `"2027-01-31"`, and it has to exist. It is the last one on which the acknowledgement counts.',
    'rules/bad-port':
      'Ports are numbers or ranges with their protocol, `"443/tcp"`, `"60000-60100/udp"`, from 1 to 65535, the lower one first. Names of services are taken, too.',
    'rules/bad-text':
      'Reasons and places are shown in reviews, so they are one line of plain text. Empty ones say nothing to who reads them, and invisible marks could make them look like something else.',
    'rules/byte-order-mark':
      'Some editors put an invisible mark before the first character, which JSON doesn\'t have. Save the file as "UTF-8", not as "UTF-8 with BOM", nor as UTF-16, which PowerShell\'s `>` writes.',
    'rules/empty-list':
      'An empty list could mean that nothing is allowed, or that there is no rule. Leave the list out for no rule: an entry without `from` is for everybody, one without `to` for every public address. To allow nothing, forbid all ports. Administrators are always somebody.',
    'rules/ends-early':
      'The file stops in the middle, as after a full disk or a merge that went wrong. What came before may be fine, but the rest is missing, and it might have forbidden something.',
    'rules/everything':
      'A list of all addresses, or the word `anywhere` in it, forbids or allows nothing in particular. In `allowed` an entry without a list is for everybody, in plain sight. Administrators are always somebody.',
    'rules/forbidden':
      'The change lets through what the rules forbid to everybody, whoever asks for it. Close it in the stack. If the team has decided otherwise, change the rules first, in a commit of its own.',
    'rules/host-bits-set':
      'A prefix with host bits could be a host or a network. For a network write its first address; for one host leave the length out.',
    'rules/key-twice':
      'In JSON the second of two equal keys silently replaces the first, so half of what is written would not count. Join the two.',
    'rules/missing':
      "This part needs a field that isn't there. For an acknowledgement that is what it is for, why, and until when: without one of these nobody could judge it later.",
    'rules/not-allowed':
      "The rules list what may be reachable, and this isn't in the list. Either the opening is a mistake, or the list lacks something that the team has agreed on. Change the one that is wrong.",
    'rules/not-in-range':
      'A number in quotes is a text, and a fraction counts nothing. A whole number is wanted, within the range that the message has.',
    'rules/not-json':
      'At this place the text stops being JSON. A comma after the last entry, single quotes and comments are the usual reasons; editors with JSON support mark them.',
    'rules/other-format':
      '`"format": 1` says which rules the file follows, so that a later form can\'t be misread. Write 1, or use the version of cpanel-edge that the file was written for.',
    'rules/protocol-missing': 'A port number alone could be TCP or UDP. Write which, and both where both are meant.',
    'rules/too-large':
      'Review rules say what a team wants, in a page or two; this file is far larger. Write larger prefixes and ranges instead of single hosts.',
    'rules/too-many-devices':
      "The rules limit how many devices one change may touch (`mostDevices`), so that a mistake in a shared profile doesn't reach all of them at once. Deliver to some first, look at them, then go on. A profile of its own for the first ones makes that easy.",
    'rules/too-many-entries':
      'The list is longer than what anybody could read in a review. Write prefixes instead of hosts and ranges instead of single ports.',
    'rules/unknown-key':
      'The rules have no such field, so it would not be enforced, and everybody would believe that it is. Look at its spelling; [all fields](docs/reference/review-rules.md).',
    'rules/unknown-service':
      "The name isn't a service or a preset of the port table. Write one of those, or the port with its protocol. [All names](docs/reference/services.md).",
    'rules/wrong-type':
      'A value is of another kind than wanted, such as one text where a list belongs. The message shows the form with an example.',
  },
};
