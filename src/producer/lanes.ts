/** A value's place in its message group. */
export interface Place {
  readonly lane: string;
  /** Runs once, when those before it have left. False where it was given up meanwhile: it leaves at once. */
  readonly go: () => boolean;
  /** The next of the lane. For the lanes to set. */
  following: Place | undefined;
}

/** The message groups of a FIFO topic, one after another in each, whichever sinks they come from. */
export interface Lanes {
  /** The place goes at once, or when the one before it leaves. */
  enter(place: Place): void;
  /** The next of the lane may go. */
  leave(place: Place): void;
}

/**
 * On a FIFO topic one value of a group is under way at a time: of two the first could fail and the second succeed. Those
 * behind it hang on it one by one, so whatever may go can be sent, in any company.
 */
export function createLanes(): Lanes {
  /** The last of each lane that has any. */
  const tails = new Map<string, Place>();
  return {
    enter: (place) => {
      const tail = tails.get(place.lane);
      tails.set(place.lane, place);
      if (tail === undefined) place.go();
      else tail.following = place;
    },
    leave: ({ lane, following }) => {
      let next = following;
      while (next !== undefined && !next.go()) next = next.following;
      if (next === undefined) tails.delete(lane);
    },
  };
}
