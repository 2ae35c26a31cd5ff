import { expect } from 'chai';
import { asyncScheduler, concat, map, NEVER, of, throwError, timer } from 'rxjs';
import sinon from 'sinon';
import type { AwsCalls, BatchRequest, VisibilityEntry } from '../../src/client/client.js';
import { lostSignal } from '../../src/consumer/lease.js';
import { createLeases, type Leases } from '../../src/consumer/leases.js';
import { AWSConnectionError } from '../../src/errors.js';
import { fakeClient, type FakeClient } from '../helpers/fakeClient.js';
import { at, marbles } from '../helpers/marbles.js';
import { allDone, allFailed, contextOf, raw } from '../helpers/raw.js';

type Renew = AwsCalls['changeVisibilityBatch'];

interface Fixture extends FakeClient {
  readonly leases: Leases;
  /** `time: handles -> seconds` of every renewal asked for. */
  readonly renewals: string[];
  readonly ended: () => number;
}

function leasesOf(now: () => number, renew: Renew, visibilityTimeoutSeconds = 30, maxLeaseSeconds = 43_170): Fixture {
  const renewals: string[] = [];
  let ended = 0;
  const fake = fakeClient({
    changeVisibilityBatch: (request) => {
      renewals.push(`${String(now())}: ${textOf(request)}`);
      return renew(request);
    },
  });
  const leases = createLeases({
    context: contextOf(fake),
    visibilityTimeoutSeconds,
    maxLeaseSeconds,
    onEnd: () => (ended += 1),
  });
  return { ...fake, leases, renewals, ended: () => ended };
}

function textOf({ entries }: BatchRequest<VisibilityEntry>): string {
  const handles = entries.map(({ receiptHandle }) => receiptHandle.replace('handle-', '')).join(' ');
  return `${handles} -> ${String(entries[0]?.visibilityTimeoutSeconds)}`;
}

const nothing = (): void => undefined;
const confirmed: Renew = (request) => timer(10).pipe(map(() => allDone(request)));
const throttled = new AWSConnectionError({ operation: 'x', code: 'Throttling', retryable: true, throttled: true });
const types = (events: readonly { readonly type: string }[]): string[] =>
  events.map(({ type }) => type).filter((type) => !['called', 'throttled'].includes(type));

describe('leases', () => {
  it('renews at half of the visibility timeout, again and again', () => {
    marbles((m) => {
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), confirmed);
      at(m, 0, () => leases.add(raw('a'), asyncScheduler.now()));
      at(m, 46_000, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(renewals).to.deep.equal(['15000: a -> 30', '30000: a -> 30', '45000: a -> 30']);
    });
  });

  it('renews with one timer for all, in calls of up to 10', () => {
    marbles((m) => {
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), confirmed);
      at(m, 0, () => {
        for (const id of 'abcdefgh') leases.add(raw(id), asyncScheduler.now());
      });
      // Due a little later, taken along all the same.
      at(m, 2_000, () => {
        for (const id of 'ijkl') leases.add(raw(id), asyncScheduler.now());
      });
      at(m, 15_500, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(renewals).to.deep.equal(['15000: a b c d e f g h i j -> 30', '15000: k l -> 30']);
    });
  });

  it('runs no timer without a lease', () => {
    marbles((m) => {
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), confirmed);
      at(m, 0, () => {
        leases.end(leases.add(raw('a'), asyncScheduler.now()), () => undefined);
      });
      m.flush();
      expect(renewals).to.deep.equal([]);
      expect(m.scheduler.now()).to.equal(0);
    });
  });

  it('stops the renewal before the settlement is sent: a renewal being asked for is waited for', () => {
    marbles((m) => {
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), confirmed);
      const settledAt: number[] = [];
      at(m, 0, () => {
        const lease = leases.add(raw('a'), asyncScheduler.now());
        at(m, 15_005, () => {
          leases.end(lease, () => settledAt.push(m.scheduler.now()));
        });
      });
      m.flush();
      expect(settledAt).to.deep.equal([15_010]);
      expect(renewals).to.have.length(1);
    });
  });

  it('does not ask for the renewal of what was settled while the batch waited', () => {
    marbles((m) => {
      const slow: Renew = (request) => timer(1_000).pipe(map(() => allDone(request)));
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), slow);
      at(m, 0, () => {
        // Ten calls of ten are under way; the eleventh waits.
        for (let index = 0; index < 100; index += 1) leases.add(raw(String(index)), asyncScheduler.now());
        const last = leases.add(raw('last'), asyncScheduler.now());
        at(m, 15_500, () => {
          leases.end(last, () => undefined);
        });
      });
      at(m, 16_500, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(renewals).to.have.length(10);
    });
  });

  it('tries a failed renewal again while the lease holds', () => {
    marbles((m) => {
      let calls = 0;
      const renew: Renew = (request) => {
        calls += 1;
        return calls < 3 ? throwError(() => throttled) : confirmed(request);
      };
      const { leases, renewals, events } = leasesOf(() => m.scheduler.now(), renew);
      at(m, 0, () => leases.add(raw('a'), asyncScheduler.now()));
      at(m, 20_000, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(renewals).to.deep.equal(['15000: a -> 30', '15100: a -> 30', '15300: a -> 30']);
      expect(types(events)).to.deep.equal(['renewalFailed', 'renewalFailed', 'leaseRenewed']);
    });
  });

  it('loses the lease when it could not be renewed in time, also when the renewal never answers', () => {
    for (const renew of [() => throwError(() => throttled), () => NEVER]) {
      marbles((m) => {
        const { leases, events, ended } = leasesOf(() => m.scheduler.now(), renew);
        at(m, 0, () => {
          const lease = leases.add(raw('a'), asyncScheduler.now());
          m.expectObservable(lostSignal(lease)).toBe('30s (a|)', { a: undefined });
        });
        m.flush();
        expect(events.find(({ type }) => type === 'leaseLost')).to.include({ id: 'a', reason: 'expired' });
        expect(ended()).to.equal(1);
        expect(leases.size).to.equal(0);
      });
    }
  });

  it('loses the lease at once when SQS refuses the entry, and leaves its batch-mates alone', () => {
    marbles((m) => {
      const renew: Renew = () =>
        timer(10).pipe(
          map(() => ({
            successful: [{ id: '1' }],
            failed: [{ id: '0', code: 'ReceiptHandleIsInvalid', senderFault: true }],
          })),
        );
      const { leases, events } = leasesOf(() => m.scheduler.now(), renew);
      at(m, 0, () => {
        const lease = leases.add(raw('a'), asyncScheduler.now());
        leases.add(raw('b'), asyncScheduler.now());
        m.expectObservable(lostSignal(lease)).toBe('15010ms (a|)', { a: undefined });
      });
      at(m, 16_000, () => {
        expect(leases.size).to.equal(1);
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(events).to.deep.include({ ...events[1], type: 'leaseLost', id: 'a', reason: 'refused' });
      expect(types(events)).to.deep.equal(['leaseLost', 'leaseRenewed']);
    });
  });

  it('counts an entry that was not answered as failed, and tries again', () => {
    marbles((m) => {
      const renew: Renew = () => timer(10).pipe(map(() => ({ successful: [], failed: [] })));
      const { leases, renewals } = leasesOf(() => m.scheduler.now(), renew);
      at(m, 0, () => leases.add(raw('a'), asyncScheduler.now()));
      at(m, 15_200, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(renewals).to.deep.equal(['15000: a -> 30', '15110: a -> 30']);
    });
  });

  it("tries again after a throttled entry, although AWS calls it the sender's fault", () => {
    marbles((m) => {
      const renew: Renew = (request) => timer(10).pipe(map(() => allFailed(request, 'RequestThrottled', true)));
      const { leases, events } = leasesOf(() => m.scheduler.now(), renew);
      at(m, 0, () => leases.add(raw('a'), asyncScheduler.now()));
      at(m, 15_050, () => {
        leases.abandon(() => nothing);
      });
      m.flush();
      expect(types(events)).to.deep.equal(['renewalFailed']);
    });
  });

  it('never renews past maxLeaseSeconds, and says that this is why the lease was lost', () => {
    marbles((m) => {
      const { leases, renewals, events } = leasesOf(() => m.scheduler.now(), confirmed, 30, 40);
      at(m, 0, () => leases.add(raw('a'), asyncScheduler.now()));
      m.flush();
      expect(renewals).to.deep.equal(['15000: a -> 25']);
      expect(events.at(-1)).to.include({ type: 'leaseLost', reason: 'limit' });
      expect(m.scheduler.now()).to.equal(40_000);
    });
  });

  it('abandons what nobody settled, as lost, and keeps what is on its way to the dead-letter queue', () => {
    marbles((m) => {
      const { client, leases, renewals } = leasesOf(() => m.scheduler.now(), confirmed);
      const released: string[] = [];
      at(m, 0, () => {
        leases.add(raw('a'), asyncScheduler.now());
        leases.add(raw('b'), asyncScheduler.now()).confirmed$ = NEVER;
      });
      at(m, 1, () => {
        leases.abandon(
          ({ raw: { messageId } }) =>
            () =>
              released.push(messageId),
        );
        expect(leases.size).to.equal(1);
      });
      at(m, 15_500, () => {
        void client.close();
      });
      m.flush();
      expect(released).to.deep.equal(['a']);
      expect(renewals).to.deep.equal(['15000: b -> 30']);
      expect(m.scheduler.now()).to.be.lessThan(16_000);
    });
  });

  it('tells late askers what became of the lease', () => {
    marbles((m) => {
      const { leases } = leasesOf(() => m.scheduler.now(), confirmed);
      at(m, 0, () => {
        const settled = leases.add(raw('a'), asyncScheduler.now());
        const lost = leases.add(raw('b'), asyncScheduler.now());
        m.expectObservable(lostSignal(settled)).toBe('-|');
        at(m, 1, () => {
          leases.end(settled, () => undefined);
          leases.abandon(() => nothing);
          m.expectObservable(concat(lostSignal(settled), lostSignal(lost))).toBe('-(a|)', { a: undefined });
        });
      });
    });
  });

  it('ends together what ends together: whoever is told of one finds the others ended too', () => {
    for (const how of ['expired', 'refused', 'abandoned']) {
      marbles((m) => {
        const refused: Renew = ({ entries }) =>
          of({
            successful: [],
            failed: entries.map(({ id }) => ({ id, code: 'MessageNotInflight', senderFault: true })),
          });
        const renew: Renew = (request) => (how === 'refused' ? refused(request) : throwError(() => throttled));
        const { leases } = leasesOf(() => m.scheduler.now(), renew, 10);
        const states: string[][] = [];
        at(m, 0, () => {
          const all = ['a', 'b', 'c'].map((id) => leases.add(raw(id), asyncScheduler.now()));
          for (const lease of all) {
            lostSignal(lease).subscribe(() => states.push(all.map(({ state }) => state)));
          }
        });
        if (how === 'abandoned') {
          at(m, 1, () => {
            leases.abandon(() => nothing);
          });
        }
        m.flush();
        const lost = ['lost', 'lost', 'lost'];
        expect(states).to.deep.equal([lost, lost, lost]);
      });
    }
  });

  it('lets no settlement wait for a renewal without an answer until the lease is over', () => {
    marbles((m) => {
      const { leases, renewals } = leasesOf(
        () => m.scheduler.now(),
        () => NEVER,
        10,
      );
      const sentAt: number[] = [];
      at(m, 0, () => {
        const lease = leases.add(raw('a'), asyncScheduler.now());
        at(m, 9_000, () => {
          leases.end(lease, () => sentAt.push(asyncScheduler.now()));
        });
      });
      m.flush();
      expect(renewals[0]).to.equal('5000: a -> 10');
      expect(sentAt[0]).to.be.within(9_000, 9_999);
    });
  });

  it('waits for no renewal when close() has no time left', () => {
    marbles((m) => {
      const { client, leases } = leasesOf(
        () => m.scheduler.now(),
        () => NEVER,
      );
      const released: number[] = [];
      // It runs out of time at 27 s, while the lease is being renewed.
      at(m, 0, () => {
        client.port.hold();
        leases.add(raw('a'), asyncScheduler.now());
        client.close().catch(() => undefined);
      });
      client.port.killed$.subscribe(() => {
        leases.abandon(() => () => released.push(asyncScheduler.now()));
      });
      m.flush();
      expect(released).to.deep.equal([27_000]);
    });
  });

  it('ends on demand what is over already, though no timer has come to say so yet', () => {
    for (const [maxLeaseSeconds, reason] of [
      [60, 'expired'],
      [2, 'limit'],
    ] as const) {
      marbles((m) => {
        const { leases, events, ended } = leasesOf(() => m.scheduler.now(), confirmed, 2, maxLeaseSeconds);
        at(m, 5_000, () => {
          // As when this process was too busy for its timers.
          const lease = leases.add(raw('a'), 3_000);
          leases.loseExpired([raw('a'), raw('b'), raw('a')])();
          expect(ended()).to.equal(1);
          expect(lease.state).to.equal('lost');
        });
        m.flush();
        expect(events.find(({ type }) => type === 'leaseLost')).to.include({ id: 'a', reason });
      });
    }
  });
});

describe('leases, when the clock is set back', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers(10_000_000);
  });
  afterEach(() => {
    clock.restore();
  });
  const anHourBack = (): void => {
    clock.setSystemTime(Date.now() - 3_600_000);
  };
  const withLatency: Renew = (request) => timer(200).pipe(map(() => allDone(request)));

  /** Names that were renewed in the last 30 s, which is when SQS would have given them to others. */
  const renewedLately = ({ renewals }: Fixture): readonly string[] =>
    ['a', 'b'].filter((name) =>
      renewals.some((line) => Number(/^-?\d+/.exec(line)?.[0]) > Date.now() - 30_000 && line.includes(` ${name} `)),
    );
  const real = (): number => Date.now();

  it('are renewed as before: SQS counts on', () => {
    const fixture = leasesOf(real, withLatency);
    fixture.leases.add(raw('a'), asyncScheduler.now());
    clock.tick(10_000);
    anHourBack();
    for (let seconds = 0; seconds < 300; seconds += 10) {
      clock.tick(10_000);
      if (seconds >= 20) expect(renewedLately(fixture)).to.deep.equal(['a']);
    }
    fixture.leases.abandon(() => nothing);
  });

  it('are renewed where another lease has set the timer since', () => {
    const fixture = leasesOf(real, withLatency);
    fixture.leases.add(raw('a'), asyncScheduler.now());
    clock.tick(10_000);
    anHourBack();
    fixture.leases.add(raw('b'), asyncScheduler.now());
    clock.tick(19_000);
    expect(fixture.renewals.map((line) => line.replace(/^-?\d+: /, ''))).to.include.oneOf(['a b -> 30', 'a -> 30']);
    for (let seconds = 0; seconds < 300; seconds += 10) {
      clock.tick(10_000);
      expect(renewedLately(fixture)).to.deep.equal(['a', 'b']);
    }
    fixture.leases.abandon(() => nothing);
  });

  it('are renewed where a renewal was under way', () => {
    const fixture = leasesOf(real, withLatency);
    fixture.leases.add(raw('a'), asyncScheduler.now());
    clock.tick(15_100);
    anHourBack();
    for (let seconds = 0; seconds < 300; seconds += 10) {
      clock.tick(10_000);
      if (seconds >= 20) expect(renewedLately(fixture)).to.deep.equal(['a']);
    }
    fixture.leases.abandon(() => nothing);
  });
});
