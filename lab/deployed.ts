import { EdgeEnvironment } from '../stacks/edge-stack';
import { lab as deployed } from '../stacks/environments/lab';
import { OF_DEBIAN } from './debian';

const { gateway, servers } = deployed;
const version = OF_DEBIAN.versions.nftables;

/** What `npm start` deploys, to devices that may be another Debian. */
export const lab: EdgeEnvironment = {
  ...deployed,
  gateway: { ...gateway, version },
  servers: { web1: { ...servers['web1']!, version } },
};
