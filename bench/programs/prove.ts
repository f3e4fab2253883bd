// usage: prove.js INTENT: generates the text of the intent, parses it, and verifies it against the intent.
import { verifyPolicy, listVerificationProblems } from '../../lib/verifier/verify-policy';
import { refuseIfAny } from '../../lib/problems/problem';
import { compiled } from './compiled';

const [intent] = process.argv.slice(2) as [string];
refuseIfAny(listVerificationProblems(verifyPolicy(compiled(intent))));
