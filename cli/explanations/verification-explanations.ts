// Explanations of the codes on docs/reference/errors/proving.md.
import { ExplanationPage } from './explanation-page';

export const verificationExplanations: ExplanationPage = {
  name: 'proving',
  title: 'Proofs that fail, and what is delivered: proving/…, policy/…, delivering/…',
  introduction:
    "Before a plan exists, the text that a device would get is read by a second program that doesn't know the first, and what it lets through is compared with the wish. [What is proven](docs/explanation/what-is-proven.md).",
  explanations: {
    'proving/adds':
      'The text would be loaded beside what the device has of the same name, and not in place of it, so rules that were taken out of the intent would live on. Without a capture around it this is a mistake of this package; please report it with the text.',
    'proving/announces':
      'The device would announce another address than the intent says, or leave one out: public addresses would go unanswered, or be answered by the wrong machine. It is a mistake of this package unless a captured configuration stands against it; please report it.',
    'proving/changed':
      'Packets would arrive, but at another host or with another source than was asked for. Servers would see strangers, or one server would get the mail of another. With a capture look at translations of others on the device, of port forwards first.',
    'proving/closes':
      "The text would close something that isn't its own to close: traffic of other owners, or of inside hosts that were to stay as they were. Look whether a captured rule and ours meet at one address.",
    'proving/composition-missing':
      "Gateway and server were each right, yet what was asked for would not arrive end to end: one passes it and the other doesn't, or they don't agree on the address in between. Both texts come from one wish, so it is a mistake of this package; please report it with both.",
    'proving/composition-opens':
      'Each of the two firewalls does what was asked of it, and together they let something through to the server that nothing asks for. It is found before anything is delivered. It is a mistake of this package; please report it with both texts.',
    'proving/diverted':
      "Packets for others would be led somewhere else, though translating them isn't this owner's business. With a capture, look for a rule of the device that names the same addresses; without one, please report it.",
    'proving/lets-in':
      'The device has a guard that keeps somebody out, and around it the text would let them in again. Who was banned on purpose must not come back by a release. Take them out of the sources, or the ban off the device.',
    'proving/missing':
      "Something that was asked for would not pass. With a capture, a rule of the device that comes first closes it: it has to go, or the wish. Without a capture, the text isn't what it should be; please report it.",
    'proving/opens':
      'Something would be open that nothing asks for. Nothing is delivered, however small it is. With a capture, an earlier rule of the device may let it in on our addresses: take that away there and capture again. Without one, please report it.',
    'proving/too-much-to-compare':
      'Two sets of rules are compared packet by packet, by sets of them, and these differ in so many ways at once that it would take minutes and gigabytes. Large lists of addresses that differ by a few entries from rule to rule are the usual reason. Share the lists; `CPANEL_EDGE_WORK` allows more work where the runner has it.',
    'proving/too-much-to-prove':
      'The rules of this owner tell so many kinds of packets apart that a proof takes more work than is allowed for one. Mappings that share profiles and lists of sources cost little, those that each have lists of their own a lot. Share them, split the owner, or allow more work with `CPANEL_EDGE_WORK`.',
    'proving/touches':
      "The text would change what belongs to others on the device: another owner's rules, or the administrator's. It is refused even if the change does no harm today. It is a mistake of this package; please report it with the text.",
    'proving/undecided':
      "Whether something passes can't be said: a rule depends on time, on a counter, or on words that are not understood. Unknown counts as refused. It comes from a captured rule on the addresses of this owner; take it away, or make it say something that can be decided.",
    'proving/unknown-platform':
      "A policy names a platform that this version doesn't have in that role. From a stack this can't come, as the intent is refused first, so the policy is of a plan or a release of a newer version. Use that version.",
    'proving/yields':
      'A translation of somebody else could be asked before ours, so packets for our public addresses might go elsewhere without any of our rules being wrong. Take the other translation away, or keep its addresses apart.',
    'policy/odd-text':
      "A release carries its policy as text, so that any later command can prove it again. This one can't be read: it was edited, cut off, or written by a newer version. Take the plan as Terraform printed it, and the version of cpanel-edge that made it.",
    'delivering/foreign-format':
      'The plan was made by one version of cpanel-edge and is applied by another, whose release has another form. Guessing would deliver something nobody reviewed. Install the version of the plan where it is applied, or plan again there.',
    'delivering/no-work':
      "`cpanel-edge deliver` gets its release from Terraform, by the environment, and was started without. It isn't meant to be typed. To look at a device use `verify`, to remove an owner by hand `remove`.",
    'delivering/too-much-work':
      'A release travels in the environment of the command that Terraform starts, and systems limit that. Lists of tens of thousands of addresses fill it. Let two owners share the work on the device, or write larger networks.',
    'delivering/work-incomplete':
      'The release is cut in pieces for the environment, and one is missing or of another release. Something between Terraform and the command has changed the environment: a wrapper, or a plan that mixes two versions. Nothing was sent; plan again.',
    'delivering/work-too-large':
      'What a stack delivers is packed, and unpacked it is larger than any release. It was damaged, or made to fill the memory of who reads it. Synthesize again; if your release is really this large, split the owner or raise `CPANEL_EDGE_WORK`.',
    'delivering/work-unreadable':
      "The release in the environment can't be unpacked or isn't what its digest says, so nothing was sent. Either it was changed on the way, or another version made the plan. Plan again with the version that applies.",
  },
};
