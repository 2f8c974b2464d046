package dev.servicepool.internal.permit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The limit that a service learns from refused requests.
 */
class ConcurrencyLimitTests {

	private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

	private final Permits permits = new Permits(100);

	private final ConcurrencyLimit limit = new ConcurrencyLimit(this.permits);

	private long now = Long.MAX_VALUE - INTERVAL;

	@Test
	void eachRaiseThatSucceedsDoublesNextStep() {
		this.limit.lower(10, this.now);
		assertThat(raises(7)).containsExactly(11, 13, 17, 25, 41, 73, 100);
		assertThat(this.limit.isLowered()).isFalse();
	}

	@Test
	void refusedRequestResetsStep() {
		this.limit.lower(10, this.now);
		assertThat(raises(3)).containsExactly(11, 13, 17);
		this.limit.lower(15, this.now);
		assertThat(raises(3)).containsExactly(16, 18, 22);
	}

	@Test
	void refusedRequestAboveLimitResetsStepOnly() {
		this.limit.lower(10, this.now);
		raises(2);
		assertThat(this.limit.lower(20, this.now)).isFalse();
		assertThat(raises(2)).containsExactly(14, 16);
	}

	@Test
	void requestThatIsRefusedAloneTeachesNothing() {
		this.limit.lower(10, this.now);
		raises(2);
		assertThat(this.limit.lower(0, this.now)).isFalse();
		assertThat(raises(1)).containsExactly(17);
	}

	@Test
	void limitIsRaisedOncePerInterval() {
		this.limit.lower(10, this.now);
		this.now += INTERVAL - 1;
		this.limit.raiseIfDue(this.now);
		assertThat(this.permits.limit()).isEqualTo(10);
		this.now += 1;
		this.limit.raiseIfDue(this.now);
		this.limit.raiseIfDue(this.now);
		assertThat(this.permits.limit()).isEqualTo(11);
	}

	@Test
	void limitOfColdServiceIsNotRaised() {
		this.limit.lower(10, this.now);
		this.limit.markCold();
		raises(5);
		this.limit.markWarm();
		assertThat(this.permits.limit()).isEqualTo(10);
	}

	@Test
	void limitIsIndicativeForOneMinute() {
		this.limit.lower(2, this.now);
		this.now += Duration.ofSeconds(60).toNanos();
		assertThat(this.limit.isIndicative(this.now)).isTrue();
		assertThat(this.limit.isIndicative(this.now + 1)).isFalse();
	}

	@Test
	void limitIsNotIndicativeWhenOnlyOneOtherWasInFlight() {
		this.limit.lower(2, this.now);
		this.limit.lower(1, this.now);
		assertThat(this.limit.isIndicative(this.now)).isFalse();
	}

	@Test
	void limitOfOtherServicesIsNotIndicative() {
		this.limit.startWith(10, this.now);
		assertThat(this.limit.learned()).isEqualTo(10);
		assertThat(this.limit.isIndicative(this.now)).isFalse();
		assertThat(raises(2)).containsExactly(11, 13);
	}

	private List<Integer> raises(int count) {
		List<Integer> limits = new ArrayList<>();
		for (int raise = 0; raise < count; raise++) {
			this.now += INTERVAL;
			this.limit.raiseIfDue(this.now);
			limits.add(this.limit.learned());
		}
		return limits;
	}

}
