package dev.servicepool.benchmarks.probe;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

import com.sun.management.ThreadMXBean;
import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;

/**
 * What a lease takes up in memory, and what taking and ending one allocates: the same, if
 * it allocates nothing else.
 */
public final class LeaseProbe {

	/** With compressed class pointers, as they are by default. */
	private static final int HEADER_BYTES = 12;

	private static final int ALIGNMENT = 8;

	private static final int WARM_UP = 200_000;

	private LeaseProbe() {
	}

	/**
	 * Measure.
	 * @param arguments the contender and whether it is a smoke test
	 * @throws Exception if there is no lease
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

	/**
	 * By the types of its fields, as the JVM lays them out with compressed references.
	 */
	private static int size(Class<?> type) {
		int size = HEADER_BYTES;
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			for (Field field : each.getDeclaredFields()) {
				size += Modifier.isStatic(field.getModifiers()) ? 0 : size(field);
			}
		}
		return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	}

	private static int size(Field field) {
		Class<?> type = field.getType();
		if (type == long.class || type == double.class) {
			return 8;
		}
		if (type == boolean.class || type == byte.class) {
			return 1;
		}
		return (type == short.class || type == char.class) ? 2 : 4;
	}

}
