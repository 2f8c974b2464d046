package dev.servicepool.benchmarks.probe;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;

/**
 * Measures the size of a lease, and the memory that acquiring and releasing one
 * allocates. Both values are equal if the pool allocates only the lease.
 */
public final class LeaseProbe {

	/** Header size with compressed class pointers, which are the default. */
	private static final int HEADER_BYTES = 12;

	private static final int ALIGNMENT = 8;

	/** Sizes of fields, unless they have 4 bytes. */
	private static final Map<Class<?>, Integer> SIZES = Map.of(long.class, 8, double.class, 8, short.class, 2,
			char.class, 2, boolean.class, 1, byte.class, 1);

	private static final int WARM_UP = 200_000;

	private LeaseProbe() {
	}

	/**
	 * Run the probe.
	 * @param arguments the contender, and whether this is a smoke test
	 * @throws Exception if no lease can be acquired
	 */
	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.of(arguments);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		try (Contender pool = Contenders.valueOf(probe.row()).create(8)) {
			Object[] kept = new Object[1000];
			for (int i = 0; i < WARM_UP; i++) {
				kept[i % kept.length] = acquireAndRelease(pool);
			}
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < kept.length; i++) {
				kept[i] = acquireAndRelease(pool);
			}
			long allocated = threads.getCurrentThreadAllocatedBytes() - before;
			probe.figure("allocated", "B/op", (double) allocated / kept.length);
			probe.figure("size of the lease", "B", size(kept[0].getClass()));
		}
	}

	private static Object acquireAndRelease(Contender pool) throws Exception {
		Object acquired = pool.acquire();
		pool.release(acquired);
		return acquired;
	}

	/** Return the size of an object, in bytes, if references are compressed. */
	private static int size(Class<?> type) {
		int size = HEADER_BYTES;
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			for (Field field : each.getDeclaredFields()) {
				size += Modifier.isStatic(field.getModifiers()) ? 0 : SIZES.getOrDefault(field.getType(), 4);
			}
		}
		return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	}

}
