//! What is changed about hive-router's plans.

use hive_router::query_planner::ast::operation::PlanningFetchOperation;
use hive_router::query_planner::planner::plan_nodes::planning;
use hive_router::query_planner::planner::plan_nodes::{
    FetchNode, PlanNode, QueryPlan, SequenceNode,
};
use hive_router::query_planner::planner::query_plan::QUERY_PLAN_KIND;
use std::collections::BTreeSet;

/// Removes the variables that a fetch declares and does not use, which subgraphs refuse: the
/// planner loses conditions on `__typename`, but not their variables.
pub(crate) fn drop_unused_variables(node: &mut planning::PlanNode) {
    match node {
        PlanNode::Fetch(fetch) => {
            drop_unused(&mut fetch.operation, &mut fetch.variable_usages);
        }
        PlanNode::BatchFetch(fetch) => {
            drop_unused(&mut fetch.operation, &mut fetch.variable_usages);
        }
        PlanNode::Subscription(subscription) => {
            let primary = &mut subscription.primary;
            drop_unused(&mut primary.operation, &mut primary.variable_usages);
        }
        PlanNode::Flatten(flatten) => drop_unused_variables(&mut flatten.node),
        PlanNode::Sequence(sequence) => sequence.nodes.iter_mut().for_each(drop_unused_variables),
        PlanNode::Parallel(parallel) => parallel.nodes.iter_mut().for_each(drop_unused_variables),
        PlanNode::Condition(condition) => {
            let clauses = [&mut condition.if_clause, &mut condition.else_clause];
            clauses.into_iter().flatten().for_each(|node| drop_unused_variables(node));
        }
        // Not produced: the schema has no `@defer`.
        PlanNode::Defer(_) => {}
    }
}

fn drop_unused(operation: &mut PlanningFetchOperation, usages: &mut Option<BTreeSet<String>>) {
    let document = &mut operation.document;
    let Some(definitions) = &mut document.operation.variable_definitions else { return };
    let mut used = document.operation.selection_set.variable_usages();
    for fragment in &document.fragments {
        used.extend(fragment.selection_set.variable_usages());
    }
    let declared = definitions.len();
    definitions.retain(|definition| used.contains(&definition.name));
    if definitions.len() == declared {
        return;
    }
    if let Some(usages) = usages {
        usages.retain(|name| used.contains(name));
    }
    *operation = PlanningFetchOperation::from_anonymous_operation((**document).clone());
}

/// The fetch that a subscription consists of, and the plan for each of its events: the same fetch,
/// which the event answers, and the fetches after it.
pub(crate) fn per_event(plan: &QueryPlan) -> Option<(FetchNode, QueryPlan)> {
    let (primary, rest) = match plan.node.as_ref()? {
        PlanNode::Subscription(subscription) => (&subscription.primary, &[][..]),
        PlanNode::Sequence(sequence) => match sequence.nodes.split_first()? {
            (PlanNode::Subscription(subscription), rest) => (&subscription.primary, rest),
            _ => return None,
        },
        _ => return None,
    };
    let mut nodes = vec![PlanNode::Fetch(Box::new(primary.clone()))];
    nodes.extend_from_slice(rest);
    let node = Some(PlanNode::Sequence(SequenceNode { nodes }));
    Some((primary.clone(), QueryPlan { kind: QUERY_PLAN_KIND, node }))
}
