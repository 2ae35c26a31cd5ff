import { expect } from 'chai';
import { NEVER, type Observable } from 'rxjs';
import { createCredits, type Credits } from '../../src/consumer/credits.js';
import { createPollGate, type PollGate } from '../../src/consumer/pollGate.js';
import { at, marbles, type Marbles } from '../helpers/marbles.js';

interface Fixture {
  readonly gate: PollGate;
  readonly credits: Credits;
  readonly permits: number[];
}

function gateOf(
  helpers: Marbles,
  max: number,
  maxPolls = 10,
  isOpen = () => true,
  opened$: Observable<void> = NEVER,
): Fixture {
  const credits = createCredits(max);
  const gate = createPollGate({ credits, maxPolls, isOpen, opened$ });
  const permits: number[] = [];
  at(helpers, 0, () => {
    gate.permits$.subscribe((permit) => permits.push(permit));
  });
  return { gate, credits, permits };
}

describe('pollGate', () => {
  it('starts with one poll, and takes the credits of what it asks for', () => {
    marbles((helpers) => {
      const { credits, permits } = gateOf(helpers, 100);
      helpers.flush();
      expect(permits).to.deep.equal([10]);
      expect(credits.free()).to.equal(90);
    });
  });

  it('never asks for more than there are credits', () => {
    marbles((helpers) => {
      const { permits } = gateOf(helpers, 3);
      helpers.flush();
      expect(permits).to.deep.equal([3]);
    });
  });

  it('doubles the polls on a full answer, up to maxPolls, and never beyond the credits', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 45, 4);
      at(helpers, 1, () => {
        gate.received(10, 10, 1);
      });
      at(helpers, 2, () => {
        gate.received(10, 10, 1);
      });
      helpers.flush();
      // 45 credits: 10 and 10 are held, 10 are polled for, then 10 more and the 5 that are left.
      expect(permits).to.deep.equal([10, 10, 10, 10, 5]);
    });
  });

  it('doubles them up to ten, and adds one from there', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 1_000, 30);
      const polls: number[] = [];
      at(helpers, 1, () => {
        for (let answered = 1; answered <= 6; answered += 1) {
          gate.received(10, 10, 1);
          polls.push(permits.length - answered);
        }
      });
      helpers.flush();
      expect(polls).to.deep.equal([2, 4, 8, 10, 11, 12]);
    });
  });

  it('adds one poll on an answer half full, none below that', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.received(10, 4, 1);
      });
      at(helpers, 2, () => {
        gate.received(10, 5, 1);
      });
      helpers.flush();
      expect(permits).to.deep.equal([10, 10, 10, 10]);
    });
  });

  it('goes back to one poll when one came back empty', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.received(10, 10, 1);
      });
      at(helpers, 2, () => {
        gate.received(10, 0, 20_000);
      });
      helpers.flush();
      expect(permits).to.deep.equal([10, 10, 10]);
    });
  });

  it('pauses, longer each time, after empty answers that did not wait', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.received(10, 0, 1);
      });
      at(helpers, 100, () => {
        expect(permits).to.have.length(1);
      });
      at(helpers, 102, () => {
        expect(permits).to.have.length(2);
        gate.received(10, 0, 1);
      });
      at(helpers, 300, () => {
        expect(permits).to.have.length(2);
      });
      at(helpers, 303, () => {
        expect(permits).to.have.length(3);
      });
      helpers.flush();
    });
  });

  it('waits for company before it polls for a sliver of credit while much is in flight', () => {
    marbles((helpers) => {
      const { gate, credits, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        credits.take(90);
        gate.received(10, 10, 1);
        expect(permits).to.deep.equal([10]);
        credits.giveBack(9);
        expect(permits).to.deep.equal([10]);
        credits.giveBack(1);
        expect(permits).to.deep.equal([10, 10]);
      });
      helpers.flush();
    });
  });

  it('polls for the sliver all the same after 50 ms: a free slot never waits for its batch', () => {
    marbles((helpers) => {
      const { gate, credits, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        credits.take(90);
        gate.received(10, 10, 1);
        credits.giveBack(3);
      });
      at(helpers, 50, () => {
        expect(permits).to.deep.equal([10]);
      });
      at(helpers, 52, () => {
        expect(permits).to.deep.equal([10, 3]);
      });
      helpers.flush();
    });
  });

  it('starts no poll while it is not open', () => {
    marbles((helpers) => {
      let open = false;
      const opened$: Observable<void> = helpers.cold('-----a');
      const { permits } = gateOf(helpers, 100, 10, () => open, opened$);
      at(helpers, 4, () => {
        expect(permits).to.deep.equal([]);
        open = true;
      });
      helpers.flush();
      expect(permits).to.deep.equal([10]);
    });
  });

  it('starts no poll during the backoff; polls that fail together count once', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 100);
      const backoff = (attempt: number): number => attempt * 100;
      at(helpers, 1, () => {
        gate.received(10, 10, 1);
        expect(gate.failed(10, backoff)).to.deep.equal({ consecutiveFailures: 1, retryInMs: 100 });
      });
      at(helpers, 11, () => {
        expect(gate.failed(10, backoff)).to.deep.equal({ consecutiveFailures: 1, retryInMs: 90 });
      });
      at(helpers, 100, () => {
        expect(permits).to.have.length(3);
      });
      at(helpers, 102, () => {
        expect(permits).to.have.length(4);
        expect(gate.failed(10, backoff)).to.deep.equal({ consecutiveFailures: 2, retryInMs: 200 });
      });
      helpers.flush();
    });
  });

  it('backs off for a failure though it pauses for an empty answer already', () => {
    marbles((helpers) => {
      const { gate, permits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.received(10, 10, 1);
        // Too soon for a long poll: a pause of 100 ms.
        gate.received(10, 0, 1);
      });
      at(helpers, 50, () => {
        expect(gate.failed(10, () => 500)).to.deep.equal({ consecutiveFailures: 1, retryInMs: 500 });
      });
      at(helpers, 549, () => {
        expect(permits).to.have.length(3);
      });
      helpers.flush();
      expect(permits).to.have.length(4);
    });
  });

  it('gives the credits of an aborted poll back', () => {
    marbles((helpers) => {
      const { gate, credits } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.aborted(10);
      });
      helpers.flush();
      expect(credits.free()).to.equal(90);
    });
  });

  it('leaves no timer behind when it is unsubscribed, and starts none after', () => {
    marbles((helpers) => {
      const credits = createCredits(100);
      const gate = createPollGate({ credits, maxPolls: 10, isOpen: () => true, opened$: NEVER });
      const permits: number[] = [];
      at(helpers, 0, () => {
        const subscription = gate.permits$.subscribe((permit) => permits.push(permit));
        credits.take(90);
        gate.received(10, 10, 1);
        credits.giveBack(3);
        subscription.unsubscribe();
        gate.failed(10, () => 100);
      });
      helpers.flush();
      expect(permits).to.deep.equal([10]);
      expect(helpers.scheduler.now()).to.be.lessThan(50);
    });
  });

  it('counts a failure as one at least, though another poll has succeeded in its pause', () => {
    marbles((helpers) => {
      const { gate } = gateOf(helpers, 100);
      at(helpers, 1, () => {
        gate.received(10, 10, 1);
        expect(gate.failed(10, () => 100).consecutiveFailures).to.equal(1);
        gate.received(10, 10, 1);
        expect(gate.failed(10, () => 100).consecutiveFailures).to.equal(1);
      });
    });
  });
});
