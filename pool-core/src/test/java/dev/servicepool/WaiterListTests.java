package dev.servicepool;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The queue of waiting callers, by itself.
 */
class WaiterListTests {

	private final WaiterList<String, String> queue = new WaiterList<>();

	private final Waiter<String, String> a = new Waiter<>(0);

	private final Waiter<String, String> b = new Waiter<>(0);

	private final Waiter<String, String> c = new Waiter<>(0);

	@Test
	void isEmptyAtFirst() {
		assertThat(this.queue.size()).isZero();
		assertThat(this.queue.size()).isZero();
		assertThat(this.queue.first()).isNull();
	}

	@Test
	void keepsTheOrderInWhichCallersJoined() {
		join(this.a, this.b, this.c);
		assertThat(forwards()).containsExactly(this.a, this.b, this.c);
		assertThat(this.queue.size()).isEqualTo(3);
		assertThat(this.queue.size()).isPositive();
	}

	@Test
	void aCallerThatComesBackGoesFirst() {
		join(this.a, this.b);
		this.queue.addFirst(this.c);
		assertThat(forwards()).containsExactly(this.c, this.a, this.b);
		assertThat(backwardsFrom(this.b)).containsExactly(this.b, this.a, this.c);
	}

	@Test
	void aCallerThatComesBackToAnEmptyQueueIsFirstAndLast() {
		this.queue.addFirst(this.a);
		this.queue.addLast(this.b);
		assertThat(forwards()).containsExactly(this.a, this.b);
	}

	@Test
	void callersLoseTheirPlaceInTheMiddle() {
		join(this.a, this.b, this.c);
		this.queue.remove(this.b);
		assertThat(forwards()).containsExactly(this.a, this.c);
		assertThat(backwardsFrom(this.c)).containsExactly(this.c, this.a);
		assertThat(this.queue.size()).isEqualTo(2);
	}

	@Test
	void callersLoseTheirPlaceAtTheFront() {
		join(this.a, this.b, this.c);
		this.queue.remove(this.a);
		assertThat(forwards()).containsExactly(this.b, this.c);
		assertThat(backwardsFrom(this.c)).containsExactly(this.c, this.b);
	}

	@Test
	void callersLoseTheirPlaceAtTheBack() {
		join(this.a, this.b);
		this.queue.remove(this.b);
		this.queue.addLast(this.c);
		assertThat(forwards()).containsExactly(this.a, this.c);
	}

	@Test
	void theLastOneLeavesAnEmptyQueue() {
		join(this.a);
		this.queue.remove(this.a);
		assertThat(this.queue.size()).isZero();
		assertThat(this.queue.first()).isNull();
		join(this.b);
		assertThat(forwards()).containsExactly(this.b);
	}

	@Test
	void aCallerKnowsWhetherItIsQueued() {
		assertThat(this.a.queued).isFalse();
		join(this.a);
		assertThat(this.a.queued).isTrue();
		this.queue.remove(this.a);
		assertThat(this.a.queued).isFalse();
	}

	@Test
	void aCallerThatLeftMayJoinAgain() {
		join(this.a, this.b, this.c);
		this.queue.remove(this.b);
		this.queue.addFirst(this.b);
		assertThat(forwards()).containsExactly(this.b, this.a, this.c);
	}

	@SafeVarargs
	private void join(Waiter<String, String>... waiters) {
		for (Waiter<String, String> waiter : waiters) {
			this.queue.addLast(waiter);
		}
	}

	private List<Waiter<String, String>> forwards() {
		List<Waiter<String, String>> seen = new ArrayList<>();
		for (Waiter<String, String> each = this.queue.first(); each != null; each = each.next) {
			seen.add(each);
		}
		return seen;
	}

	private List<Waiter<String, String>> backwardsFrom(Waiter<String, String> last) {
		List<Waiter<String, String>> seen = new ArrayList<>();
		for (Waiter<String, String> each = last; each != null; each = each.previous) {
			seen.add(each);
		}
		return seen;
	}

}
