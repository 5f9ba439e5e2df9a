"""A foreign scanner's MPPS, made of odil (Debian: python3-odil).

Arguments: host, port, calling and called AE title, and one transfer syntax. Standard input: one JSON object a line,
{"operation": "create" | "set" | "get", "uid": "1.2.3", "attributes": {"Modality": ["NM"], "...Sequence": [{...}]}}.
Standard output: one JSON object a line, with what came back. Ends when the input ends.
"""

import json
import sys

try:
    import odil
except ImportError:
    sys.exit("This test needs odil. Run node scripts/test-tools.mjs, or as root: apt-get install python3-odil")

STEP = b"1.2.840.10008.3.1.2.3.3"
RETRIEVE = b"1.2.840.10008.3.1.2.3.4"
GET_REQUEST = 0x0110


def data_set(attributes):
    result = odil.DataSet()
    for keyword, values in attributes.items():
        tag = getattr(odil.registry, keyword)
        if keyword.endswith("Sequence"):
            result.add(tag, [data_set(item) for item in values], odil.VR.SQ)
        elif values:
            result.add(tag, [value.encode("utf-8") for value in values])
        else:
            result.add(tag)
    return result


def create(association, uid, attributes):
    request = odil.messages.NCreateRequest(association.next_message_id(), STEP, data_set(attributes))
    request.set_affected_sop_instance_uid(uid)
    return request, STEP


def change(association, uid, attributes):
    request = odil.messages.NSetRequest(association.next_message_id(), STEP, uid, data_set(attributes))
    return request, STEP


def get(association, uid, attributes):
    command = odil.DataSet()
    command.add(odil.registry.RequestedSOPClassUID, [RETRIEVE])
    command.add(odil.registry.CommandField, [GET_REQUEST])
    command.add(odil.registry.MessageID, [association.next_message_id()])
    command.add(odil.registry.CommandDataSetType, [0x0101])
    command.add(odil.registry.RequestedSOPInstanceUID, [uid])
    return odil.messages.Message(command), RETRIEVE


def first(elements, keyword):
    tag = getattr(odil.registry, keyword)
    if not elements.has(tag) or elements.empty(tag):
        return None
    value = (elements.as_int(tag) if elements.is_int(tag) else elements.as_string(tag))[0]
    return value.decode("utf-8").rstrip("\0 ") if isinstance(value, bytes) else value


def answer(message):
    command = message.get_command_set()
    answered = message.get_data_set() if message.has_data_set() else None
    series = odil.registry.PerformedSeriesSequence
    return {
        "status": first(command, "Status"),
        "errorComment": first(command, "ErrorComment"),
        "errorId": first(command, "ErrorID"),
        "uid": first(command, "AffectedSOPInstanceUID"),
        "stepStatus": answered and first(answered, "PerformedProcedureStepStatus"),
        "patientName": answered and first(answered, "PatientName"),
        "seriesCount": answered and (len(answered.as_data_set(series)) if answered.has(series) else 0),
    }


def associate(host, port, calling, called, syntax):
    context = odil.AssociationParameters.PresentationContext
    parameters = odil.AssociationParameters()
    parameters.set_calling_ae_title(calling.encode()).set_called_ae_title(called.encode())
    parameters.set_presentation_contexts(
        [context(name, [syntax.encode()], context.Role.SCU) for name in (STEP, RETRIEVE)]
    )
    association = odil.Association()
    association.set_peer_host(host)
    association.set_peer_port(int(port))
    association.set_parameters(parameters)
    association.associate()
    return association


def main():
    association = associate(*sys.argv[1:6])
    operations = {"create": create, "set": change, "get": get}
    for line in sys.stdin:
        wanted = json.loads(line)
        perform = operations[wanted["operation"]]
        request, sop_class = perform(association, wanted["uid"].encode(), wanted.get("attributes", {}))
        association.send_message(request, sop_class)
        print(json.dumps(answer(association.receive_message())), flush=True)
    association.release()


main()
