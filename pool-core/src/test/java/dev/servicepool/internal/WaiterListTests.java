package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The linked list of waiting callers.
 */
class WaiterListTests {

	private final WaiterList<String, String> list = new WaiterList<>();

	private final Waiter<String, String> a = new Waiter<>(0);

	private final Waiter<String, String> b = new Waiter<>(0);

	private final Waiter<String, String> c = new Waiter<>(0);

	@Test
	void isEmptyAtFirst() {
		assertThat(this.list.size()).isZero();
		assertThat(this.list.size()).isZero();
		assertThat(this.list.first()).isNull();
	}

	@Test
	void keepsCallersInOrderOfArrival() {
		join(this.a, this.b, this.c);
		assertThat(forwards()).containsExactly(this.a, this.b, this.c);
		assertThat(this.list.size()).isEqualTo(3);
		assertThat(this.list.size()).isPositive();
	}

	@Test
	void callerAddedFirstIsAheadOfOthers() {
		join(this.a, this.b);
		this.list.addFirst(this.c);
		assertThat(forwards()).containsExactly(this.c, this.a, this.b);
		assertThat(backwardsFrom(this.b)).containsExactly(this.b, this.a, this.c);
	}

	@Test
	void callerAddedFirstToEmptyListIsFirstAndLast() {
		this.list.addFirst(this.a);
		this.list.addLast(this.b);
		assertThat(forwards()).containsExactly(this.a, this.b);
	}

	@Test
	void removesCallerFromMiddle() {
		join(this.a, this.b, this.c);
		this.list.remove(this.b);
		assertThat(forwards()).containsExactly(this.a, this.c);
		assertThat(backwardsFrom(this.c)).containsExactly(this.c, this.a);
		assertThat(this.list.size()).isEqualTo(2);
	}

	@Test
	void removesCallerFromFront() {
		join(this.a, this.b, this.c);
		this.list.remove(this.a);
		assertThat(forwards()).containsExactly(this.b, this.c);
		assertThat(backwardsFrom(this.c)).containsExactly(this.c, this.b);
	}

	@Test
	void removesCallerFromEnd() {
		join(this.a, this.b);
		this.list.remove(this.b);
		this.list.addLast(this.c);
		assertThat(forwards()).containsExactly(this.a, this.c);
	}

	@Test
	void listIsEmptyAfterLastCallerIsRemoved() {
		join(this.a);
		this.list.remove(this.a);
		assertThat(this.list.size()).isZero();
		assertThat(this.list.first()).isNull();
		join(this.b);
		assertThat(forwards()).containsExactly(this.b);
	}

	@Test
	void callerIsMarkedAsQueuedWhileInList() {
		assertThat(this.a.queued).isFalse();
		join(this.a);
		assertThat(this.a.queued).isTrue();
		this.list.remove(this.a);
		assertThat(this.a.queued).isFalse();
	}

	@Test
	void removedCallerCanBeAddedAgain() {
		join(this.a, this.b, this.c);
		this.list.remove(this.b);
		this.list.addFirst(this.b);
		assertThat(forwards()).containsExactly(this.b, this.a, this.c);
	}

	@SafeVarargs
	private void join(Waiter<String, String>... waiters) {
		for (Waiter<String, String> waiter : waiters) {
			this.list.addLast(waiter);
		}
	}

	private List<Waiter<String, String>> forwards() {
		List<Waiter<String, String>> seen = new ArrayList<>();
		for (Waiter<String, String> each = this.list.first(); each != null; each = each.next) {
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
