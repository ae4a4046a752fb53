from agentlog.recording import calls, context


def test_the_deepest_candidate_is_the_innermost_whoever_opened_it():
    root = calls.open_call("invoke_workflow", "root", None, None)
    graph = calls.open_call("invoke_agent", "graph", root, None)
    tool = calls.open_call("execute_tool", "tool", graph, None)
    found = [tool]

    def source():
        return found[0]

    context.add_source(source)
    try:
        token = context.enter(root)
        assert context.innermost() is tool
        deeper = calls.open_call("execute_tool", "deeper", tool, None)
        inner = context.enter(deeper)
        assert context.innermost() is deeper
        context.leave(inner)
        found[0] = None
        assert context.innermost() is root
        context.leave(token)
    finally:
        context.remove_source(source)
    assert context.innermost() is None


def test_a_call_below_another_has_its_trace_and_one_more_depth():
    root = calls.open_call("invoke_workflow", "root", None, None)
    child = calls.open_call("chat", "m", root, None)
    assert (child.trace, child.parent, child.depth) == (root.id, root.id, 1)
    assert not child.inner
    assert calls.open_call("chat", "m", child, None).inner


def test_the_active_otel_span_gives_the_trace():
    from opentelemetry.sdk.trace import TracerProvider

    with TracerProvider().get_tracer("test").start_as_current_span("request") as span:
        call = calls.open_call("chat", "m", None, None)
        assert call.trace == f"{span.get_span_context().trace_id:032x}"
        assert call.span == f"{span.get_span_context().span_id:016x}"
    assert calls.open_call("chat", "m", None, None).span == ""


def test_ids_are_32_hex_digits_and_never_repeat():
    ids = {calls.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 32 and int(one, 16) for one in ids)


def test_an_interrupt_of_a_graph_is_no_error():
    GraphInterrupt = type("GraphInterrupt", (Exception,), {"__module__": "langgraph.errors"})
    base = type("GraphBubbleUp", (Exception,), {"__module__": "langgraph.errors"})
    real = type("GraphInterrupt", (base,), {"__module__": "langgraph.errors"})
    assert calls.is_control_flow(real())
    assert not calls.is_control_flow(GraphInterrupt())
    call = calls.open_call("execute_tool", "t", None, None)
    calls.close_call(call, real())
    assert (call.finish, call.error) == ("interrupted", "")
