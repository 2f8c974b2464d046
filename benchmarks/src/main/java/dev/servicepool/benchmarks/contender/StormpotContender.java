package dev.servicepool.benchmarks.contender;

import java.util.concurrent.TimeUnit;

import stormpot.Allocator;
import stormpot.Pool;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * Contender that uses Stormpot with its defaults.
 */
final class StormpotContender implements Contender {

	private static final Timeout TIMEOUT = new Timeout(30, TimeUnit.SECONDS);

	private final Pool<Entry> pool;

	StormpotContender(int services) {
		this.pool = Pool.from(new Entries()).setSize(services).build();
		while (this.pool.getManagedPool().getAllocationCount() < services) {
			Thread.onSpinWait();
		}
	}

	@Override
	public Object acquire() throws Exception {
		Entry entry = this.pool.claim(TIMEOUT);
		if (entry == null) {
			throw new IllegalStateException("No entry was available within 30 s");
		}
		return entry;
	}

	@Override
	public void release(Object acquired) {
		((Entry) acquired).release();
	}

	@Override
	public void close() {
		this.pool.shutdown();
	}

	private record Entry(Slot slot) implements Poolable {

		@Override
		public void release() {
			this.slot.release(this);
		}

	}

	private static final class Entries implements Allocator<Entry> {

		@Override
		public Entry allocate(Slot slot) {
			return new Entry(slot);
		}

		@Override
		public void deallocate(Entry entry) {
		}

	}

}
