import { EdgeEnvironment } from '../stacks/edge-stack';
import { lab as deployed } from '../stacks/environments/lab';
import { OF_DEBIAN } from './debian';

const { gateway, servers } = deployed;
const version = OF_DEBIAN.versions.nftables;

/** The environment that `npm start` deploys. Its devices may run another Debian. */
export const lab: EdgeEnvironment = {
  ...deployed,
  gateway: { ...gateway, version },
  servers: { web1: { ...servers['web1']!, version } },
};
