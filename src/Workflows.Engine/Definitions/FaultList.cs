namespace Workflows.Engine.Definitions;

/// <summary>Faults as they are found; the same fault of the same node is kept once.</summary>
internal sealed class FaultList
{
    private readonly List<DefinitionFault> _faults = [];

    public IReadOnlyList<DefinitionFault> All => _faults;

    public void Add(ActivityNode node, string code, string zh, string en, string? input = null) =>
        Add(new DefinitionFault(code, FaultSeverity.Fault, node.NodeId, node.DisplayText, zh, en, input));

    public void Warn(ActivityNode node, string code, string zh, string en, string? input = null) =>
        Add(new DefinitionFault(code, FaultSeverity.Warning, node.NodeId, node.DisplayText, zh, en, input));

    public void Add(DefinitionFault fault)
    {
        if (!_faults.Exists(f => f.Code == fault.Code && f.NodeId == fault.NodeId && (f.En == fault.En || (f.Input == fault.Input && fault.Input is not null))))
            _faults.Add(fault);
    }
}
