package dev.servicepool.spring.actuate;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Description of one service of a pool.
 *
 * @param id its number in its pool, from 1 up in the order in which they were made
 * @param target the name of what it was made for
 * @param state what it is doing, in words
 * @param inFlight its requests in flight
 * @param limit the greatest number of its requests in flight, 1 while it is cold;
 * {@code null} for no limit
 * @param learnedLimit how many it carries once it is warm, as far as is known: as
 * configured, or fewer if it has refused some; {@code null} for no limit
 * @param load its load; {@code null} if that is not a finite number
 * @param age the time since it joined
 * @param calls the requests it was given so far
 * @param failures how many of those failed
 * @param ejections how often it was ejected so far
 * @param suspension why it gets no requests at present, and for how long; {@code null} if
 * it does
 * @param details what the service says of itself, such as its protocol
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record MemberDescriptor(long id, String target, String state, int inFlight, @Nullable Integer limit,
		@Nullable Integer learnedLimit, @Nullable Double load, Duration age, long calls, long failures, long ejections,
		PoolSnapshot.@Nullable Suspension suspension, Map<String, String> details) {

	static MemberDescriptor of(PoolSnapshot.Member member) {
		return new MemberDescriptor(member.id(), member.target(), member.state().words(), member.inFlight(),
				Numbers.limit(member.limit()), Numbers.limit(member.learnedLimit()), Numbers.finite(member.load()),
				member.age(), member.calls(), member.failures(), member.ejections(), member.suspension(),
				member.details());
	}

}
