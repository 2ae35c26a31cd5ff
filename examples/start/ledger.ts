import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';

/** What has to be done, by id, and what of it was. Holds only what is open, however long the run. */
export interface Ledger {
  expect(id: string): void;
  done(id: string): void;
  /** Expected and not done. */
  readonly missing: ReadonlySet<string>;
  /** Done and not expected: done twice, or of another run. */
  readonly surplus: ReadonlySet<string>;
  /** Resolves once nothing is missing. */
  complete(): Promise<unknown>;
}

/** The order does not matter: a message can be handled before the call that sent it has returned. */
export function createLedger(): Ledger {
  const missing = new Set<string>();
  const surplus = new Set<string>();
  const open = new BehaviorSubject(0);
  return {
    missing,
    surplus,
    expect: (id) => {
      if (!surplus.delete(id)) missing.add(id);
      open.next(missing.size);
    },
    done: (id) => {
      if (!missing.delete(id)) surplus.add(id);
      open.next(missing.size);
    },
    complete: () => firstValueFrom(open.pipe(filter((count) => count === 0))),
  };
}
