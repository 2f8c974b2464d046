package dev.servicepool.spring.actuate;

import java.util.Map;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of all pools.
 *
 * @param pools a summary of each pool, by name
 */
public record PoolsDescriptor(Map<String, PoolSummary> pools) implements OperationResponseBody {
}
