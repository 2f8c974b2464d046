package dev.servicepool.internal;

import java.lang.reflect.Modifier;

import dev.servicepool.internal.balance.ReadySet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fields that one thread writes and another thread reads without the lock are volatile.
 * Without this check, a missing {@code volatile} causes only rare failures on some
 * machines.
 */
class SharedFieldTests {

	@ParameterizedTest
	@CsvSource({ "Waiter, settled", "permit.Permits, word", "permit.Permits, limit", "permit.SampleBudget, batch",
			"permit.ConcurrencyLimit, cold", "permit.ConcurrencyLimit, learned", "Member, probing", "Member, suspect",
			"Bounds, settings", "StateLock, checkDue", "PoolLease, state", "PoolLease, paused",
			"outlier.Responsiveness, latency", "leak.LeaseRecord, use" })
	void sharedFieldIsVolatile(String type, String field) throws Exception {
		check(Class.forName("dev.servicepool.internal." + type), field);
	}

	@ParameterizedTest
	@CsvSource({ "candidates", "size" })
	void sharedFieldOfReadySetIsVolatile(String field) throws Exception {
		check(ReadySet.class, field);
	}

	private void check(Class<?> type, String field) throws NoSuchFieldException {
		assertThat(Modifier.isVolatile(type.getDeclaredField(field).getModifiers())).isTrue();
	}

}
