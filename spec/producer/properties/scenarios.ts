import fc from 'fast-check';
import type { FaultPlan } from '../../../src/testing/index.js';
import type { Burst, Door, Flaw, Kind, Production, Reaction, Scenario } from './scenario.js';

/** What a family of scenarios holds fast. */
export interface Family {
  readonly kinds?: readonly Kind[];
  readonly doors?: readonly Door[];
  readonly isCalm?: boolean;
  readonly isSlow?: boolean;
}

const fixed = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const time = fc.oneof(fc.constant(0), fc.nat(20), fc.nat(300), fc.nat(9_000));
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq: number): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

const FLAWS = [
  ...['codec', 'notJson', 'groupId', 'deduplicationId', 'attributeName', 'attributeText', 'tooManyAttributes'],
] as const satisfies readonly Flaw[];

const burst: fc.Arbitrary<Burst> = fc.record({
  at: time,
  group: fixed('a', 'a', 'b', 'c', 'each'),
  count: fixed(1, 1, 2, 3, 5, 12, 25),
  share: fixed(0, 0, 0, 0.1, 0.33, 0.5, 0.5009, 1, 1.1),
  filler: fixed('x', 'é', '€', '\u{1F600}', '"', '\n', '\uFFFE', '\uD800'),
  attributes: fixed('none', 'none', 'one', 'all', 'ten'),
  flaw: fc.oneof({ arbitrary: fixed('none'), weight: 6 }, { arbitrary: fixed(...FLAWS), weight: 1 }),
  areTwins: fixed(false, false, false, true),
  abortsAfter: maybe(fixed(0, 0, 1, 30, 700), 2),
});

const reaction: fc.Arbitrary<Reaction> = fc.record({
  after: fixed(1, 1, 2, 5, 11),
  does: fixed('handIn', 'handIn', 'handInMany', 'complete', 'unsubscribe', 'close'),
});

const anyProduction = ({ kinds = ['standard', 'byId', 'byContent'], doors }: Family): fc.Arbitrary<Production> =>
  fc.record({
    door: fixed(...(doors ?? (['toTopic', 'toTopic', 'publishTo', 'publishFrom', 'publishEvent'] as const))),
    kind: fixed(...kinds),
    hasTypes: fixed(false, false, true),
    maxMessageBytes: fixed(1_200, 1_200, 3_000, 3_000, 3_000, 3_000, undefined),
    maxRequests: fixed(undefined, 1, 1, 2, 3),
    maxPending: fixed(undefined, undefined, 1, 2, 7, 20),
    maxPendingBytes: fixed(undefined, undefined, undefined, 1, 1_500, 5_000),
    retryUnanswered: fixed(true, true, false),
    backoff: fixed<Production['backoff']>(undefined, undefined, 0, 40, 100_000, 'throws'),
    stopOnError: fixed(false, false, false, true),
    offers: fixed(false, false, true),
    bursts: fc.array(burst, { minLength: 1, maxLength: 6 }),
    reactions: fc.array(reaction, { maxLength: 3 }),
    whileRead: maybe(fc.record({ after: fixed(1, 2, 9), does: fixed('unsubscribe', 'close') }), 4),
    ending: fixed('complete', 'complete', 'error'),
    endsAt: maybe(time, 2),
    unsubscribesAt: maybe(time, 4),
    asksForDrainedAt: fc.array(time, { maxLength: 2 }),
  });

/** Bytes that wait are known by results that are heard. Of large values a few do. */
const production = (family: Family): fc.Arbitrary<Production> =>
  anyProduction(family).map((parts) => {
    const { unsubscribesAt, reactions, maxMessageBytes, maxPendingBytes, bursts } = parts;
    const isLeft = unsubscribesAt !== undefined || reactions.some(({ does }) => does === 'unsubscribe');
    const few = bursts.map((one) => ({ ...one, count: one.share === 0 ? one.count : Math.min(one.count, 4) }));
    return {
      ...parts,
      maxPendingBytes: isLeft ? undefined : maxPendingBytes,
      bursts: maxMessageBytes === undefined ? few : bursts,
    };
  });

/** Only of these may a call that took effect be told: of others AWS says that it did nothing. */
const silence = fixed('InternalError', 'ServiceUnavailable', 'ECONNRESET', 'ETIMEDOUT', 'Timeout');
const word = fixed('ThrottlingException', 'ThrottlingException', 'ECONNREFUSED', 'AccessDenied', 'NotFoundException');
const ofAnEntry = fixed('InvalidParameter', 'InvalidParameterException', 'BatchRequestTooLongException');
const entryWord = fixed('InternalError', 'ServiceUnavailable', 'ThrottlingException', 'InvalidParameter');
const count = { times: fixed(1, 1, 2, 4, 12), after: fc.nat(4) };
const position = fixed('0', '1', '4');

const fault: fc.Arbitrary<FaultPlan> = fc.oneof(
  fc.record({ error: silence, lost: fc.boolean(), ...count }),
  fc.record({ error: fc.oneof(word, ofAnEntry), ...count }),
  fc.record({ lost: fixed(true), ...count }),
  fc.record({ entries: fc.dictionary(position, fc.oneof(entryWord, fixed('NotAnswered')), { minKeys: 1 }), ...count }),
  fc.record({ entries: fc.dictionary(position, fixed('NotAnswered'), { minKeys: 1 }), lost: fixed(true), ...count }),
);

const outage = fc.record({ from: fc.nat(9_000), lastsMs: fixed(1, 90, 900, 9_000, 60_000), error: silence });

/** Random scenarios of a family. Every part is a record of small parts, so that what fails shrinks to what it takes. */
export function scenarios(family: Family): fc.Arbitrary<Scenario> {
  const { isCalm = false, isSlow = false } = family;
  const ms = isSlow ? fixed<number>(0, 400, 1_500, 40_000, 70_000) : fixed<number>(0, 0, 1, 5, 40, 400, 1_500);
  return fc.record({
    seed: fc.nat(),
    retryAttempts: isSlow ? fixed(3, 10) : fixed(3, 3, 1, 0),
    timeoutMs: fixed(30_000, 30_000, 1_000),
    rateLimit: isSlow ? fixed(undefined, undefined, 0.02) : fixed(undefined, undefined, undefined, 0.5, 3, 30, 150),
    latencies: fc.array(fc.record({ at: time, ms }), { minLength: 1, maxLength: 3 }),
    productions: fc.array(production(family), { minLength: 1, maxLength: 2 }),
    faults: fc.array(fault, { maxLength: isCalm ? 0 : 5 }),
    outages: fc.array(outage, { maxLength: isCalm ? 0 : 1 }),
    closesAt: maybe(time, 3),
  });
}
