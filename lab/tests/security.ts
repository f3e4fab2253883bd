// The suite of the lab's security tests, which are in security/.

import { allowedWords } from './security/bootstrap-allow';
import { noSecretLeaks, searchFinds } from './security/secret-leaks';
import { filesOfADevice } from './security/device-files';
import { bootstrapIsLocal, wrongHostKeys } from './security/host-keys';
import { boundedUploads, callerLeft, sudoersLine } from './security/sudo';
import { LabSuite } from './test';

/** Tests of secrets, forged connections and root rights. */
export const security: LabSuite = {
  name: 'security',
  tests: [
    wrongHostKeys,
    bootstrapIsLocal,
    sudoersLine,
    callerLeft,
    allowedWords,
    boundedUploads,
    filesOfADevice,
    noSecretLeaks,
    searchFinds,
  ],
};
