interface Owner {
  readonly role: string;
  readonly device: string;
  readonly owner: string;
}

/** An owner on its device, as most remarks name it: `server web1, owner hosting`. */
export const ownerPlace = ({ role, device, owner }: Owner): string => `${role} ${device}, owner ${owner}`;

/** All ways in which remarks name it. */
export const ownerPlaces = (one: Owner): readonly string[] => [ownerPlace(one), `${one.device}/${one.owner}`];
