package dev.servicepool.benchmarks.contender;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;

/**
 * Contender that uses the collection of HikariCP's connections, without the rest of
 * HikariCP.
 */
final class ConcurrentBagContender implements Contender {

	private final ConcurrentBag<Entry> bag = new ConcurrentBag<>((waiting) -> {
	});

	ConcurrentBagContender(int services) {
		for (int i = 0; i < services; i++) {
			this.bag.add(new Entry());
		}
	}

	@Override
	public Object acquire() throws InterruptedException {
		Entry entry = this.bag.borrow(30, TimeUnit.SECONDS);
		if (entry == null) {
			throw new IllegalStateException("No entry was available within 30 s");
		}
		return entry;
	}

	@Override
	public void release(Object acquired) {
		this.bag.requite((Entry) acquired);
	}

	@Override
	public void close() {
		this.bag.close();
	}

	private static final class Entry extends AtomicInteger implements IConcurrentBagEntry {

		private static final long serialVersionUID = 1L;

		@Override
		public void setState(int state) {
			lazySet(state);
		}

		@Override
		public int getState() {
			return get();
		}

	}

}
