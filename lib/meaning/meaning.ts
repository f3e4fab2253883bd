import { Policy } from '../policy/policy';
import { Expectation } from './bounds';
import { gatewayMeaning } from './gateway';
import { serverMeaning } from './server';

/** What a policy asks for, as bounds on exposure. */
export const meaningOf = (policy: Policy): Expectation => (policy.kind === 'gateway' ? gatewayMeaning(policy) : serverMeaning(policy));
