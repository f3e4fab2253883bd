// usage: prove.js INTENT: intent to text, read back, and compared with what was asked for.
import { verifyPolicy, listVerificationProblems } from '../../lib/verifier/verify-policy';
import { refuseIfAny } from '../../lib/problems/problem';
import { compiled } from './compiled';

const [intent] = process.argv.slice(2) as [string];
refuseIfAny(listVerificationProblems(verifyPolicy(compiled(intent))));
